using System.Collections.Frozen;
using Rat.Engine.Duck.Gate.Readers;

namespace Rat.Engine.Duck.Gate;

/// <summary>
/// The functions of DuckDB that were looked at: those that a statement may call, and those it may not, with the reason. They are text files
/// beside this one, made from <c>duckdb_functions()</c> and reviewed by hand. A name decides, whatever schema stands before it: there are no
/// functions but DuckDB's own.
/// </summary>
internal sealed class FunctionLists
{
    private const string FilesSection = "files";

    /// <summary>Operators, scalar functions, macros, aggregates and window functions. Lower case, as all lists are.</summary>
    public FrozenSet<string> Scalar { get; } = Lines("scalar").SelectMany(Words).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Functions that make rows; the readers of files are in <see cref="FileReader"/>.</summary>
    public FrozenSet<string> Table { get; } = Lines("table").SelectMany(Words).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What is refused, by name: the section of the file.</summary>
    public FrozenDictionary<string, string> Refused { get; } = ReadRefused();

    /// <summary>Null when an expression may call the function.</summary>
    /// <param name="name">In lower case.</param>
    public string? RefusalOfScalar(string name)
    {
        if (Scalar.Contains(name))
            return null;
        if (FileReader.Find(name) is not null || Refused.GetValueOrDefault(name) == FilesSection)
            return GateMessages.FileFunction;
        if (Refused.ContainsKey(name))
            return $"the function {name} is not allowed";
        return Table.Contains(name)
            ? $"the function {name} makes rows: call it after FROM"
            : $"the function {name} does not exist{Suggestion.For(name, Scalar)}";
    }

    /// <summary>Null when it may be called after FROM; readers of files are not asked about here.</summary>
    /// <param name="name">In lower case.</param>
    public string? RefusalOfTable(string name)
    {
        if (Table.Contains(name))
            return null;
        if (Refused.TryGetValue(name, out var section))
            return section == FilesSection ? GateMessages.FileFunction : $"the function {name} is not allowed";
        return Scalar.Contains(name)
            ? $"the function {name} makes no rows: call it in an expression"
            : $"the table function {name} does not exist{Suggestion.For(name, Table)}";
    }

    private static FrozenDictionary<string, string> ReadRefused()
    {
        var refused = new Dictionary<string, string>(StringComparer.Ordinal);
        var section = "";
        foreach (var line in Lines("refused"))
        {
            if (line.StartsWith('['))
            {
                section = line[1..line.IndexOf(']', StringComparison.Ordinal)];
                continue;
            }

            foreach (var name in Words(line))
                refused[name] = section;
        }

        return refused.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static List<string> Lines(string list)
    {
        using var stream = typeof(FunctionLists).Assembly.GetManifestResourceStream($"gate/functions.{list}.txt")
            ?? throw new InvalidOperationException($"the list of {list} functions is missing");
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && !line.StartsWith('#'))];
    }

    private static string[] Words(string line) => line.Split((char[])[' ', '\r'], StringSplitOptions.RemoveEmptyEntries);
}
