using System.Globalization;

namespace Rat.Torture;

/// <summary>What is tortured, and how long.</summary>
/// <param name="Binary">Path of the program.</param>
/// <param name="Full">Everything that must be shown before a release; else a few minutes' worth of it.</param>
/// <param name="Seed">All random choices follow from it; when the machine does what is not chosen.</param>
/// <param name="Only">Names of parts; empty means all.</param>
/// <param name="Sequence">The one sequence of the part <c>model</c> that is run; null means all.</param>
/// <param name="Minutes">How long the part <c>soak</c> takes, instead of what the size says.</param>
internal sealed record TortureOptions(string Binary, bool Full, int Seed, IReadOnlyList<string> Only, int? Sequence = null, int? Minutes = null)
{
    public const string Usage =
        """
        usage: Rat.Torture FILE-OF-RAT [--size small|full] [--seed N] [--only kill,trace,generations,disk,archive,readers,expiry,model,chain,s3faults,soak]
                           [--sequence N] [--minutes N]
        """;

    private static readonly string[] Parts = ["kill", "trace", "generations", "disk", "archive", "readers", "expiry", "model", "chain", "s3faults", "soak"];

    /// <summary>Null when the arguments can't be understood.</summary>
    public static TortureOptions? Parse(string[] arguments)
    {
        if (arguments.Length % 2 == 0 || !File.Exists(arguments[0]))
            return null;
        var options = new TortureOptions(Path.GetFullPath(arguments[0]), Full: false, Environment.TickCount & 0xFFFFFF, []);
        foreach (var pair in arguments.Skip(1).Chunk(2))
        {
            TortureOptions? next = pair switch
            {
                ["--size", "small" or "full"] => options with { Full = pair[1] == "full" },
                ["--seed", _] when int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out var seed) =>
                    options with { Seed = seed },
                ["--sequence", _] when int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) =>
                    options with { Sequence = sequence },
                ["--minutes", _] when int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes > 0 =>
                    options with { Minutes = minutes },
                ["--only", _] when pair[1].Split(',') is var only && only.All(Parts.Contains) => options with { Only = only },
                _ => null,
            };
            if (next is null)
                return null;
            options = next;
        }

        return options;
    }

    public bool Runs(string part) => Only.Count == 0 || Only.Contains(part);

    /// <summary>Random choices of one purpose: the same for the same seed, whatever else is run.</summary>
    public Random NewRandom(int purpose) => new(unchecked((Seed * 397) ^ purpose));
}
