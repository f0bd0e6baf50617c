using System.Text;

namespace Rat.Engine.Duck.Gate.Tokens;

/// <summary>Replaces bytes of a text.</summary>
internal readonly record struct TextEdit(int Start, int Length, string Replacement);

/// <summary>Changes to one UTF-8 text, collected in any order, that don't overlap.</summary>
internal sealed class TextEdits
{
    private readonly List<TextEdit> _edits = [];

    public bool IsEmpty => _edits.Count == 0;

    public void Replace(int start, int length, string replacement) => _edits.Add(new TextEdit(start, length, replacement));

    public void Insert(int at, string text) => Replace(at, 0, text);

    /// <summary>The changed text.</summary>
    public byte[] Apply(ReadOnlySpan<byte> text)
    {
        Sort();
        var size = text.Length;
        foreach (var edit in _edits)
            size += Encoding.UTF8.GetByteCount(edit.Replacement) - edit.Length;

        var changed = new byte[size];
        var (from, to) = (0, 0);
        foreach (var edit in _edits)
        {
            text[from..edit.Start].CopyTo(changed.AsSpan(to));
            to += edit.Start - from;
            to += Encoding.UTF8.GetBytes(edit.Replacement, changed.AsSpan(to));
            from = edit.Start + edit.Length;
        }

        text[from..].CopyTo(changed.AsSpan(to));
        return changed;
    }

    /// <summary>Where a place of the changed text was before the changes; the start of the edit for one inside of a replacement.</summary>
    public int PlaceBefore(int place)
    {
        Sort();
        var shift = 0;
        foreach (var edit in _edits)
        {
            var start = edit.Start + shift;
            if (place < start)
                break;
            var length = Encoding.UTF8.GetByteCount(edit.Replacement);
            if (place < start + length)
                return edit.Start;
            shift += length - edit.Length;
        }

        return place - shift;
    }

    // Insertions at one place keep the order in which they were asked for.
    private void Sort()
    {
        var sorted = _edits.OrderBy(edit => edit.Start).ToList();
        for (var i = 1; i < sorted.Count; i++)
        {
            if (sorted[i].Start < sorted[i - 1].Start + sorted[i - 1].Length)
                throw new InvalidOperationException("two changes of a statement overlap");
        }

        _edits.Clear();
        _edits.AddRange(sorted);
    }
}
