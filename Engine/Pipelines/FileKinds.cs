namespace Rat.Engine.Pipelines;

/// <summary>What a file is, told from its path alone (behaviour §6).</summary>
internal static class FileKinds
{
    /// <summary>The type that the API shows: the first rule that matches, else an empty text.</summary>
    public static string Kind(string path)
    {
        var segments = path.Split('/');
        var folders = segments[..^1];
        var name = segments[^1];
        if (folders.Any(folder => folder is "tests" or "test") || StartsWith("test_") || EndsWith("_test.go") || EndsWith("_test.py"))
            return "test";
        if (folders.Contains("hooks") || StartsWith("hook_") || StartsWith("pre_") || StartsWith("post_"))
            return "hook";
        return name switch
        {
            _ when EndsWith(".sql") => "pipeline-sql",
            "pipeline.py" => "pipeline-py",
            "config.yaml" or "config.yml" or "schema.yaml" or "schema.yml" => "config",
            "meta.yaml" or "meta.yml" => "meta",
            _ when EndsWith(".meta.yaml") || EndsWith(".meta.yml") => "meta",
            "README" => "doc",
            _ when Path.GetExtension(name) is ".md" or ".txt" or ".rst" => "doc",
            _ => "",
        };

        bool StartsWith(string text) => name.StartsWith(text, StringComparison.Ordinal);
        bool EndsWith(string text) => name.EndsWith(text, StringComparison.Ordinal);
    }

    /// <summary>The content type that a file is stored with.</summary>
    public static string ContentType(string path) => Path.GetExtension(path) switch
    {
        ".sql" => "application/sql",
        ".py" => "text/x-python",
        ".yaml" or ".yml" => "application/x-yaml",
        ".json" => "application/json",
        ".md" => "text/markdown",
        ".txt" => "text/plain",
        ".toml" => "application/toml",
        ".csv" => "text/csv",
        ".sh" => "application/x-sh",
        _ => "application/octet-stream",
    };
}
