using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rat.Torture.Data;
using Rat.Torture.Server;

namespace Rat.Torture.Kills;

/// <summary>Texts that are written over and over, and files of a landing zone that come and go.</summary>
internal sealed class UploadWork(string name, DataFolder folder, Random random) : IWork
{
    private const int Texts = 12;
    private const int MostFiles = 8;
    private const int LargestText = 1_000_000;

    private readonly Dictionary<string, string> _texts = [];
    private readonly Dictionary<string, string> _sent = [];
    private readonly Dictionary<string, LandedFile> _landed = [];
    private readonly HashSet<string> _removed = [];

    // What the server may or may not have done, because it died before it answered: path and hash, or the name of a file.
    private (string Path, string Hash)? _openText;
    private string? _openFile;
    private LandedFile? _openRemoval;
    private int _number;

    public IRunLedger? Ledger => null;

    /// <summary>Bytes of a large file; the caller changes it between rounds.</summary>
    public int Large { get; set; } = 300_000;

    public Task PrepareAsync(RatApi api) => api.CreateZoneAsync(name);

    public async Task StepAsync(RatApi api)
    {
        if (random.Next(2) == 0)
            await WriteTextAsync(api);
        else if (_landed.Count < MostFiles)
            await UploadAsync(api);
        else
            await RemoveAsync(api);
    }

    public async Task VerifyAsync(RatApi api, Checks checks)
    {
        await VerifyTextsAsync(api, checks);
        await VerifyLandedAsync(api, checks);
        (_openText, _openFile, _openRemoval) = (null, null, null);
    }

    private async Task WriteTextAsync(RatApi api)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"notes/{name}-{random.Next(Texts)}.txt");
        var text = Convert.ToHexString(RandomNumberGenerator.GetBytes(Math.Min(Size(), LargestText) / 2));
        _openText = (path, DataFolder.Hash(Encoding.UTF8.GetBytes(text)));
        await api.WriteFileAsync(path, text);
        _texts[path] = _openText.Value.Hash;
        _openText = null;
    }

    private async Task UploadAsync(RatApi api)
    {
        var content = RandomNumberGenerator.GetBytes(Size());
        var file = string.Create(CultureInfo.InvariantCulture, $"{name}-{++_number:000000}.bin");
        _sent[file] = DataFolder.Hash(content);
        _openFile = file;
        var landed = await api.UploadAsync(name, file, content);
        _landed[landed.Id] = landed;
        _openFile = null;
    }

    private async Task RemoveAsync(RatApi api)
    {
        var victim = _landed.Values.ElementAt(random.Next(_landed.Count));
        _openRemoval = victim;
        await api.DeleteLandedAsync(name, victim.Id);
        _landed.Remove(victim.Id);
        _removed.Add(victim.Id);
        _openRemoval = null;
    }

    private int Size() => random.Next(4) == 0 ? Large : 1 + random.Next(20_000);

    private async Task VerifyTextsAsync(RatApi api, Checks checks)
    {
        var wrong = new List<string>();
        foreach (var path in _texts.Keys.Union(_openText is { } open ? [open.Path] : []).ToList())
        {
            var hash = await api.ReadFileAsync(path) is { } text ? DataFolder.Hash(Encoding.UTF8.GetBytes(text)) : null;
            if (hash is not null && _openText == (path, hash))
                _texts[path] = hash;
            else if (hash != _texts.GetValueOrDefault(path))
                wrong.Add($"{path} {(hash is null ? "is gone" : "has another content")}");
        }

        checks.None(
            wrong, $"{name}: every text that was acknowledged is there as it was sent, one that was not as it was sent or as it was before");
    }

    private async Task VerifyLandedAsync(RatApi api, Checks checks)
    {
        var listed = (await api.LandedAsync(name)).ToDictionary(file => file.Id);
        if (_openRemoval is { } removal && !listed.ContainsKey(removal.Id))
            _landed.Remove(removal.Id);
        checks.None(
            _landed.Values.Where(file => !listed.ContainsKey(file.Id)).Select(file => file.Name),
            $"{name}: every upload that was acknowledged is there");
        checks.None(listed.Keys.Intersect(_removed), $"{name}: a removal that was acknowledged stays");

        var unknown = listed.Values.Where(file => !_landed.ContainsKey(file.Id) && !_removed.Contains(file.Id)).ToList();
        checks.None(
            unknown.Where(file => _openFile is null || !file.Name.EndsWith(_openFile, StringComparison.Ordinal)).Select(file => file.Name),
            $"{name}: nothing is there that was not sent");
        foreach (var file in unknown)
            _landed[file.Id] = file;
        checks.None(
            listed.Values.Where(file => HashOnDisk(file) != SentHash(file)).Select(file => $"{file.Name}, {file.Size} bytes"),
            $"{name}: every file that is there has the bytes that were sent");
    }

    private string? HashOnDisk(LandedFile file)
    {
        var path = folder.ObjectPath(file.Key);
        return File.Exists(path) && new FileInfo(path).Length == file.Size ? DataFolder.Hash(File.ReadAllBytes(path)) : null;
    }

    // A stamp stands before the name that was sent.
    private string? SentHash(LandedFile file) => _sent.FirstOrDefault(sent => file.Name.EndsWith(sent.Key, StringComparison.Ordinal)).Value;
}
