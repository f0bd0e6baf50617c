namespace Rat.Engine.Duck.Gate.Names;

/// <summary>
/// DuckDB folds the case of names in ASCII only. .NET's comparisons that ignore case fold more: they would take a look-alike of another script
/// for a name that DuckDB doesn't take it for.
/// </summary>
internal static class AsciiNames
{
    public static string ToLower(string name) => !name.Any(char.IsAsciiLetterUpper) ? name : string.Create(name.Length, name, static (lower, original) =>
    {
        for (var i = 0; i < lower.Length; i++)
            lower[i] = char.IsAsciiLetterUpper(original[i]) ? (char)(original[i] | 0x20) : original[i];
    });

    public static bool AreEqual(string one, string other)
    {
        if (one.Length != other.Length)
            return false;
        for (var i = 0; i < one.Length; i++)
        {
            if (one[i] != other[i] && (!char.IsAsciiLetter(one[i]) || (one[i] | 0x20) != (other[i] | 0x20)))
                return false;
        }

        return true;
    }
}
