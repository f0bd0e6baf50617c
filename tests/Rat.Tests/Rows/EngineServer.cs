using System.Text.RegularExpressions;
using Rat.Tests.Contract;
using Rat.Tests.Http;

namespace Rat.Tests.Rows;

/// <summary>One server for the rows of a class; each case has a namespace of its own, named after its row.</summary>
public sealed partial class EngineServer : IAsyncLifetime
{
    private readonly ContractServer _server = new();

    internal RatProcess Process => _server.Process;

    internal ContractClient Client => _server.Client;

    internal Dictionary<string, string> Settings => _server.Settings;

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    /// <param name="row">What the case shows, such as <c>row 14</c>.</param>
    internal async Task<TestPlatform> NewPlatformAsync(string row) => new(Client, await _server.NewNamespaceAsync(NoSlug.Replace(row, "_") + "_"));

    /// <summary>The data files of a namespace's tables, by their names among the kept files, in order.</summary>
    internal IReadOnlyList<string> DataFiles(string ns) => Lake.DataFiles(Process, ns);

    /// <summary>Asserts that a text for users names no place of this machine.</summary>
    internal void AssertNothingLocal(string text) => Lake.AssertNothingLocal(Process, text);

    [GeneratedRegex("[^a-z0-9_]")]
    private static partial Regex NoSlug { get; }
}
