namespace Rat.Storage;

/// <summary>
/// The one rule for names of namespaces, pipelines, zones, tables and quality tests: <c>^[a-z][a-z0-9_-]*$</c>, 1–128 characters.
/// </summary>
internal static class Slug
{
    public const int MaxLength = 128;

    /// <summary>What a refused name is told, without the name of the field.</summary>
    public const string Rule = "must start with a lower-case letter, followed by a-z, 0-9, _ or -, at most 128 characters";

    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > MaxLength || name[0] is < 'a' or > 'z')
            return false;

        foreach (var letter in name)
        {
            if (letter is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-'))
                return false;
        }

        return true;
    }
}
