using System.Globalization;
using System.Text;
using Rat.Engine.Pipelines.Templates.Syntax;
using Rat.Engine.Pipelines.Templates.Values;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>The methods of texts that ask what kind of letters they have: <c>isdigit</c> and its like.</summary>
internal static class TextTests
{
    public static IReadOnlyList<Builtin> All { get; } =
    [
        OfEach("isalpha", Rune.IsLetter),
        OfEach("isalnum", rune => Rune.IsLetter(rune) || IsNumeric(rune)),
        OfEach("isdecimal", rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber),
        OfEach("isdigit", rune => rune.IsBmp ? CharUnicodeInfo.GetDigitValue((char)rune.Value) >= 0 : Rune.IsDigit(rune)),
        OfEach("isnumeric", IsNumeric),
        OfEach("isspace", rune => rune.IsBmp && Whitespace.Is((char)rune.Value)),
        OfWhole("isascii", text => Ascii.IsValid(text)),
        OfWhole("isprintable", text => text.EnumerateRunes().All(ValueText.IsPrintable)),
        OfWhole("isidentifier", text => text.Length > 0 && !Rune.IsDigit(text.EnumerateRunes().First())
            && text.EnumerateRunes().All(rune => Rune.IsLetterOrDigit(rune) || rune.Value == '_')),
        OfWhole("islower", IsLower),
        OfWhole("isupper", IsUpper),
        OfWhole("istitle", IsTitle),
    ];

    public static bool IsCased(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;

    public static bool IsLower(string text) => text.EnumerateRunes().Any(Rune.IsLower) && !text.EnumerateRunes().Any(IsCapital);

    public static bool IsUpper(string text) => text.EnumerateRunes().Any(Rune.IsUpper)
        && !text.EnumerateRunes().Any(rune => Rune.IsLower(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.TitlecaseLetter);

    private static bool IsTitle(string text)
    {
        var isInWord = false;
        var hasWord = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsCased(rune) && IsCapital(rune) == isInWord)
                return false;
            isInWord = IsCased(rune);
            hasWord |= isInWord;
        }

        return hasWord;
    }

    private static bool IsCapital(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter;

    private static bool IsNumeric(Rune rune) => Rune.GetNumericValue(rune) >= 0;

    private static Builtin OfEach(string name, Func<Rune, bool> isKind) =>
        OfWhole(name, text => text.Length > 0 && text.EnumerateRunes().All(isKind));

    private static Builtin OfWhole(string name, Func<string, bool> test) =>
        Builtin.Of(name, (budget, self) => test(budget.Made((string)self!)));
}
