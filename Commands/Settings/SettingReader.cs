using System.Globalization;
using System.Net;
using Rat.Endpoints.Hosting;

namespace Rat.Commands.Settings;

/// <summary>Turns settings into values. What is malformed becomes a line in <see cref="Problems"/>, so that all are told at once.</summary>
internal sealed class SettingReader(SettingSources sources)
{
    /// <summary>One line per malformed setting; a start is refused if there is any.</summary>
    public List<string> Problems { get; } = [];

    public string? Text(string key) => sources.Find(key)?.Text;

    public string Text(string key, string standard) => Text(key) ?? standard;

    /// <summary>Comma-separated, trimmed, without empty ones; null when not set.</summary>
    public string[]? List(string key) => Text(key)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public int Number(string key, int standard, int least) => Read(
        key, standard, $"must be a whole number, {least} or more",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least ? number : null);

    public bool Flag(string key, bool standard) => Read<bool>(key, standard, "must be true or false", text => text.ToLowerInvariant() switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => null,
    });

    public TimeSpan Duration(string key, TimeSpan standard) => Read<TimeSpan>(
        key, standard, "must be a duration such as 500ms, 10s or 2m", text => GoDuration.TryParse(text, out var value) ? value : null);

    /// <summary>Whole seconds, at least one.</summary>
    public TimeSpan Seconds(string key, TimeSpan standard) => TimeSpan.FromSeconds(Number(key, (int)standard.TotalSeconds, least: 1));

    public long? Bytes(string key) =>
        Read<long>(key, 0, "must be a size such as 512MB or 2GB", text => ByteSize.TryParse(text, out var bytes) ? bytes : null) is var size
        && size > 0 ? size : null;

    /// <summary>An absolute http or https address; null when not set.</summary>
    public string? Url(string key)
    {
        if (sources.Find(key) is not { } value)
            return null;
        if (Uri.TryCreate(value.Text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            return value.Text;
        Problem(value.Origin, $"\"{value.Text}\" must be an http or https URL");
        return null;
    }

    /// <summary>Networks in CIDR notation; a bare address is a network of one.</summary>
    public IReadOnlyList<IPNetwork> Networks(string key)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in List(key) ?? [])
        {
            if (IPNetwork.TryParse(text, out var network))
                networks.Add(network);
            else if (IPAddress.TryParse(text, out var address))
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else
                Problem(sources.Find(key)!.Origin, $"\"{text}\" must be a network such as 10.0.0.0/8");
        }

        return networks;
    }

    /// <summary>Names or addresses of hosts, without scheme and port; an IPv6 address in brackets, as it stands in a Host header.</summary>
    public IReadOnlyList<string> Hosts(string key)
    {
        var hosts = List(key) ?? [];
        foreach (var host in hosts)
        {
            if (Uri.CheckHostName(host) is UriHostNameType.Unknown or UriHostNameType.Basic)
                Problem(sources.Find(key)!.Origin, $"\"{host}\" must be the name of a host, without scheme and port");
        }

        return hosts;
    }

    /// <summary>The listen address wins over PORT, which listens on all interfaces.</summary>
    public ListenAddress Listen()
    {
        if (sources.Find(SettingNames.Listen) is { } value)
        {
            var parsed = ListenAddress.Parse(value.Text);
            if (parsed.Succeeded)
                return parsed.Value;
            Problem(value.Origin, parsed.Failure.Message);
        }
        else if (sources.Variable("PORT") is { } port)
        {
            if (ListenAddress.TryParsePort(port.Text, out var number))
                return ListenAddress.AllInterfaces(number);
            Problem(port.Origin, $"\"{port.Text}\": the port must be a number from 0 to 65535");
        }

        return ListenAddress.Default;
    }

    /// <summary>Two settings that make sense only together: true when both are set, a problem when one is.</summary>
    public bool Both(string first, string second)
    {
        var (one, other) = (sources.Find(first), sources.Find(second));
        if (one is null != other is null)
            Problem((one ?? other)!.Origin, $"needs {SettingNames.VariablesOf(one is null ? first : second).Last()} as well");
        return one is not null && other is not null;
    }

    public void Problem(string origin, string message) => Problems.Add($"{origin}: {message}");

    private T Read<T>(string key, T standard, string rule, Func<string, T?> parse)
        where T : struct
    {
        if (sources.Find(key) is not { } value)
            return standard;
        if (parse(value.Text.Trim()) is { } parsed)
            return parsed;
        Problem(value.Origin, $"\"{value.Text}\" {rule}");
        return standard;
    }
}
