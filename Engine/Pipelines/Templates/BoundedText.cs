using System.Text;

namespace Rat.Engine.Pipelines.Templates;

/// <summary>A text that grows, within the limits of a rendering.</summary>
internal sealed class BoundedText(Budget budget)
{
    private readonly StringBuilder _text = new();

    public int Length => _text.Length;

    public BoundedText Append(ReadOnlySpan<char> piece)
    {
        budget.GrowText(_text.Length, piece.Length);
        _text.Append(piece);
        return this;
    }

    public BoundedText Append(char letter)
    {
        budget.GrowText(_text.Length, 1);
        _text.Append(letter);
        return this;
    }

    public override string ToString() => _text.ToString();
}
