using System.Buffers;
using System.Runtime.CompilerServices;

namespace Rat.Engine.Duck.Values;

/// <summary>JSON text that grows as needed and is used again for row after row. A general writer checks and looks up too much per value: this
/// is about twice as fast.</summary>
internal sealed class JsonBuffer
{
    // RFC 8259, section 7: what a string can't hold as it is. Everything else stays as UTF-8.
    private static readonly SearchValues<byte> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (byte)code), (byte)'"', (byte)'\\']);

    private byte[] _bytes = new byte[1024];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Clear() => _length = 0;

    /// <summary>Room for at least that many bytes; <see cref="Advance"/> says how many were written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Reserve(int count)
    {
        if (_bytes.Length - _length < count)
            Grow(count);
        return _bytes.AsSpan(_length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int count) => _length += count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(byte character)
    {
        Reserve(1)[0] = character;
        _length++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Reserve(text.Length));
        _length += text.Length;
    }

    /// <summary>Takes back a comma that nothing followed, and closes.</summary>
    public void Close(byte bracket)
    {
        if (_bytes[_length - 1] == (byte)',')
            _length--;
        Add(bracket);
    }

    /// <summary>A string with its quotes.</summary>
    /// <param name="text">UTF-8, which DuckDB makes sure of for every VARCHAR.</param>
    public void AddString(ReadOnlySpan<byte> text)
    {
        var plain = text.IndexOfAny(Escaped);
        if (plain >= 0)
        {
            AddEscaped(text, plain);
            return;
        }

        var target = Reserve(text.Length + 2);
        target[0] = (byte)'"';
        text.CopyTo(target[1..]);
        target[text.Length + 1] = (byte)'"';
        _length += text.Length + 2;
    }

    private void AddEscaped(ReadOnlySpan<byte> text, int plain)
    {
        Add((byte)'"');
        for (; plain >= 0; plain = text.IndexOfAny(Escaped))
        {
            Add(text[..plain]);
            AddEscape(text[plain]);
            text = text[(plain + 1)..];
        }

        Add(text);
        Add((byte)'"');
    }

    private void AddEscape(byte character)
    {
        switch (character)
        {
            case (byte)'"':
                Add("\\\""u8);
                break;
            case (byte)'\\':
                Add("\\\\"u8);
                break;
            case (byte)'\n':
                Add("\\n"u8);
                break;
            case (byte)'\r':
                Add("\\r"u8);
                break;
            case (byte)'\t':
                Add("\\t"u8);
                break;
            default:
                Add("\\u00"u8);
                Add(character < 0x10 ? (byte)'0' : (byte)'1');
                Add("0123456789abcdef"u8[character & 0xF]);
                break;
        }
    }

    private void Grow(int count) => Array.Resize(ref _bytes, checked((int)Math.Min(Math.Max(_bytes.Length * 2L, (long)_length + count), Array.MaxLength)));
}
