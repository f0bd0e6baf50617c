using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rat.Tests.Templates;

/// <summary>Jinja2 itself in a Python process, as this platform's contract configures it: one template per line in, one answer per line out.</summary>
internal sealed partial class JinjaProcess : IDisposable
{
    private const string Script = """
        import json, sys, warnings
        warnings.simplefilter("ignore")
        from jinja2 import StrictUndefined
        from jinja2.sandbox import SandboxedEnvironment
        environment = SandboxedEnvironment(undefined=StrictUndefined)
        def ref(text):
            if "." not in text: raise ValueError("invalid ref")
            return f"REF({text})"
        no = lambda: False
        environment.globals.update(
            ref=ref, landing_zone=lambda zone: f"s3://rat/ns/landing/{zone}/*", this="THIS", watermark_value="2024-12-05",
            run_started_at="2026-02-16T09:30:00.123456+00:00", is_incremental=lambda: True,
            is_scd2=no, is_snapshot=no, is_append_only=no, is_delete_insert=no)
        print("ready", flush=True)
        for line in sys.stdin:
            try: answer = environment.from_string(json.loads(line)).render()
            except Exception: answer = None
            print(json.dumps(answer), flush=True)
        """;

    private readonly Process _process;

    private JinjaProcess(Process process) => _process = process;

    /// <summary>Null where there is no Python or no Jinja.</summary>
    public static JinjaProcess? TryStart()
    {
        var start = new ProcessStartInfo("python3", ["-c", Script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
        };
        try
        {
            var process = Process.Start(start)!;
            return process.StandardOutput.ReadLine() == "ready" ? new JinjaProcess(process) : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>The text, or null for any error.</summary>
    public string? Render(string source)
    {
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(source, Texts.Default.String));
        return JsonSerializer.Deserialize(_process.StandardOutput.ReadLine()!, Texts.Default.String);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit(5000);
        _process.Dispose();
    }

    [JsonSerializable(typeof(string))]
    private sealed partial class Texts : JsonSerializerContext;
}
