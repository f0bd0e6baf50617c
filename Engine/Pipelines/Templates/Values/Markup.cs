using System.Text;

namespace Rat.Engine.Pipelines.Templates.Values;

/// <summary>Text that <c>escape</c>, <c>safe</c> or <c>tojson</c> has made. Plain text that is added to it is escaped for HTML.</summary>
internal sealed class Markup(string text)
{
    public string Text => text;

    /// <summary>The value as markup: escaped unless it is markup already.</summary>
    public static Markup Of(object? value, Budget budget) => value as Markup ?? new Markup(Escape(ValueText.Of(value, budget), budget));

    public static string Escape(string text, Budget budget)
    {
        budget.Read(text);
        if (text.AsSpan().IndexOfAny("&<>'\"") < 0)
            return text;
        budget.MakeText(text.Length * 5L);
        var escaped = new StringBuilder(text.Length * 2);
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '\'' => escaped.Append("&#39;"),
                '"' => escaped.Append("&#34;"),
                _ => escaped.Append(letter),
            };
        }

        return escaped.ToString();
    }

    /// <summary>The text of a string or of markup; null for any other value.</summary>
    public static string? TextOf(object? value) => value as string ?? (value as Markup)?.Text;
}
