namespace Rat.Storage.Backup;

/// <summary>Pages of a database, each as it was written last, and how many pages the database then had.</summary>
internal sealed class PageChanges
{
    private readonly Dictionary<uint, byte[]> _pages = [];

    /// <summary>In bytes; 0 as long as there are no changes.</summary>
    public int PageSize { get; private set; }

    /// <summary>Pages of the database after the changes.</summary>
    public uint DatabasePages { get; set; }

    public bool IsEmpty => _pages.Count == 0;

    public long Bytes => (long)_pages.Count * PageSize;

    /// <summary>By their numbers. Those past the end of the database are no longer a part of it.</summary>
    public IReadOnlyList<KeyValuePair<uint, byte[]>> InOrder() =>
        [.. _pages.Where(page => page.Key <= DatabasePages).OrderBy(page => page.Key)];

    public void Set(uint number, ReadOnlySpan<byte> bytes)
    {
        PageSize = bytes.Length;
        if (_pages.TryGetValue(number, out var before))
            bytes.CopyTo(before);
        else
            _pages.Add(number, bytes.ToArray());
    }

    /// <summary>Moves later changes into these.</summary>
    public void Take(PageChanges later, uint databasePages)
    {
        foreach (var (number, bytes) in later._pages)
            _pages[number] = bytes;
        if (!later.IsEmpty)
            PageSize = later.PageSize;
        later.Clear();
        DatabasePages = databasePages;
    }

    public void Clear() => _pages.Clear();
}
