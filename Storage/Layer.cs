namespace Rat.Storage;

/// <summary>The three layers of a lake, case-sensitive.</summary>
internal static class Layer
{
    public const string Bronze = "bronze";
    public const string Silver = "silver";
    public const string Gold = "gold";

    /// <summary>What a refused layer is told, without the name of the field.</summary>
    public const string Rule = "must be bronze, silver or gold";

    public static bool IsValid(string? layer) => layer is Bronze or Silver or Gold;
}
