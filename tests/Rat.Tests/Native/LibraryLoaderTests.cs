using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Rat.Engine.Duck;
using Rat.Engine.Duck.Native;

namespace Rat.Tests.Native;

/// <summary>Unpacking and loading of an embedded library; SQLite's takes DuckDB's place, being small.</summary>
[SupportedOSPlatform("linux")]
public sealed class LibraryLoaderTests : IDisposable
{
    private static readonly byte[] Content = File.ReadAllBytes(
        Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native", "libe_sqlite3.so"));

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("rat-test-");
    private readonly List<nint> _loaded = [];
    private int _unpacked;

    [Fact]
    public void A_first_load_leaves_the_library_in_a_private_folder()
    {
        var library = Embed(Content);
        Load(library);

        Assert.Equal([PathOf(library)], Files());
        Assert.Equal(Content, File.ReadAllBytes(PathOf(library)));
        Assert.Equal("UserRead, UserWrite, UserExecute".Split(", ").Order(), Modes(Path.GetDirectoryName(PathOf(library))!));
        Assert.Contains(PathOf(library), Mapped(library));
    }

    [Fact]
    public void A_later_load_unpacks_nothing()
    {
        var library = Embed(Content);
        Load(library);
        Load(library with { Open = () => throw new InvalidOperationException("unpacked again") });
        Assert.Equal(1, _unpacked);
    }

    [Fact]
    public void Any_number_at_once_leave_one_library()
    {
        var library = Embed(Content);
        Parallel.For(0, 8, _ => Assert.Null(new LibraryLoader(library, new LibraryCache(_root.FullName)).Unpack()));
        Assert.Equal([PathOf(library)], Files());
        Assert.Equal(Content, File.ReadAllBytes(PathOf(library)));
    }

    [Fact]
    public void Half_a_library_is_replaced()
    {
        var library = Embed(Content);
        var loader = new LibraryLoader(library, new LibraryCache(_root.FullName));
        Assert.Null(loader.Unpack());
        File.WriteAllBytes(PathOf(library), Content[..^1]);
        Assert.Null(loader.Unpack());
        Assert.Equal(Content, File.ReadAllBytes(PathOf(library)));
    }

    [Fact]
    public void What_a_killed_process_left_is_removed_but_not_what_one_is_writing()
    {
        var library = Embed(Content);
        var folder = Directory.CreateDirectory(Path.GetDirectoryName(PathOf(library))!).FullName;
        var (left, writing) = (Path.Combine(folder, "1-a.tmp"), Path.Combine(folder, "2-b.tmp"));
        File.WriteAllText(left, "");
        File.SetLastWriteTimeUtc(left, DateTime.UtcNow.AddHours(-1));
        File.WriteAllText(writing, "");
        Load(library);
        Assert.Equal([writing, PathOf(library)], Files());
    }

    [Theory]
    [InlineData("none")]
    [InlineData("below a file")]
    [InlineData("writable by everybody")]
    [InlineData("without execution")]
    public void Without_a_cache_it_is_loaded_from_memory(string kind)
    {
        var library = Embed(Content);
        var cache = Unusable(kind, library);
        Load(library, cache);
        Assert.Contains(Mapped(library), path => path.StartsWith($"/memfd:{library.FileName}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("none", "neither XDG_CACHE_HOME nor HOME names a folder")]
    [InlineData("below a file", "file/rat")]
    [InlineData("writable by everybody", "can be written by everybody")]
    public void Why_there_is_no_cache_can_be_told(string kind, string reason)
    {
        var library = Embed(Content);
        var failure = new LibraryLoader(library, Unusable(kind, library)).Unpack();
        Assert.Contains(reason, failure!.Message, StringComparison.Ordinal);
        Assert.Equal(0, _unpacked);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_damaged_library_is_refused_and_nothing_of_it_stays(bool isBrotli)
    {
        var damaged = Embed(Content) with { Open = () => new MemoryStream(isBrotli ? Compress(new byte[1 << 21]) : Content) };
        var refused = Assert.Throws<DuckLibraryException>(() => Load(damaged));
        Assert.Contains("is damaged", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Files());
    }

    [Fact]
    public void What_the_linker_refuses_is_one_line_without_a_path()
    {
        var refused = Assert.Throws<DuckLibraryException>(() => Load(Embed("no library at all"u8.ToArray())));
        Assert.StartsWith("DuckDB's library can't be loaded: ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.DoesNotContain('/', refused.Message);
    }

    [Theory]
    [InlineData("{0}/x", "{0}/home", "{0}/x")]
    [InlineData("", "{0}/home", "{0}/home/.cache")]
    [InlineData("relative", "{0}/home", "{0}/home/.cache")]
    [InlineData(null, "{0}/missing", null)]
    [InlineData(null, "relative", null)]
    [InlineData(null, "", null)]
    [InlineData(null, null, null)]
    public void The_cache_is_where_the_user_s_environment_says(string? xdg, string? home, string? expected)
    {
        _root.CreateSubdirectory("home");
        var cache = LibraryCache.OfUser(name => Below(name switch { "XDG_CACHE_HOME" => xdg, "HOME" => home, _ => null }));
        var library = Embed(Content);
        Assert.Equal(expected is null ? null : PathOf(library, Below(expected)), cache?.Provide(library).Value);
        Assert.False(Directory.Exists(Below("{0}/missing")));
    }

    [Fact]
    public void DuckDB_answers_once_prepared_however_often_that_is()
    {
        Parallel.For(0, 8, _ => DuckLibrary.Prepare());
        Assert.NotEqual(0, DuckLibrary.Load());
        Assert.Equal(DuckLibrary.Load(), DuckLibrary.Load());
        Assert.StartsWith("v1.", DuckDB.NET.Native.NativeMethods.Startup.DuckDBLibraryVersion(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_development_build_has_nothing_to_unpack() => Assert.Null(await DuckLibrary.UnpackInBackground());

    public void Dispose()
    {
        _loaded.ForEach(NativeLibrary.Free);
        _root.Delete(recursive: true);
    }

    /// <summary>Under a name of its own, so that the process's map tells it from others.</summary>
    private EmbeddedLibrary Embed(byte[] content) => new(
        $"lib{Guid.NewGuid():N}.so", Convert.ToHexStringLower(SHA256.HashData(content)), content.Length, HasAbsoluteCalls: false, () =>
        {
            Interlocked.Increment(ref _unpacked);
            return new MemoryStream(Compress(content));
        });

    private void Load(EmbeddedLibrary library) => Load(library, new LibraryCache(_root.FullName));

    private void Load(EmbeddedLibrary library, LibraryCache? cache) => _loaded.Add(new LibraryLoader(library, cache).Load());

    private LibraryCache? Unusable(string kind, EmbeddedLibrary library)
    {
        switch (kind)
        {
            case "none":
                return null;
            case "below a file":
                File.WriteAllText(Path.Combine(_root.FullName, "file"), "");
                return new LibraryCache(Path.Combine(_root.FullName, "file"));
            case "writable by everybody":
                File.SetUnixFileMode(_root.FullName, File.GetUnixFileMode(_root.FullName) | UnixFileMode.OtherWrite);
                return new LibraryCache(_root.FullName);
            default:
                // A file system that forbids execution refuses to map the library. One that can't be mapped at all stands for it: a mount
                // takes rights that a test may not have.
                Directory.CreateDirectory(Path.GetDirectoryName(PathOf(library))!);
                File.WriteAllBytes(PathOf(library), new byte[Content.Length]);
                return new LibraryCache(_root.FullName);
        }
    }

    private string PathOf(EmbeddedLibrary library, string? root = null) =>
        Path.Combine(root ?? _root.FullName, "rat", library.Sha256[..16], library.FileName);

    private string? Below(string? pattern) => pattern?.Replace("{0}", _root.FullName, StringComparison.Ordinal);

    private IEnumerable<string> Files() =>
        Directory.EnumerateFiles(_root.FullName, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Modes(string path) => File.GetUnixFileMode(path).ToString().Split(", ").Order();

    private static IEnumerable<string> Mapped(EmbeddedLibrary library) =>
        from line in File.ReadLines("/proc/self/maps")
        where line.Contains(library.FileName, StringComparison.Ordinal)
        select line[line.IndexOf('/', StringComparison.Ordinal)..];

    private static byte[] Compress(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Fastest))
            brotli.Write(content);
        return compressed.ToArray();
    }
}
