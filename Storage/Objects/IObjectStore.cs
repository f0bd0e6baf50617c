using Rat.Storage.Metadata;

namespace Rat.Storage.Objects;

/// <summary>An object as the store lists it. <c>ModifiedAt</c> is UTC, by the store's clock.</summary>
internal sealed record StoredObject(string Key, DateTime ModifiedAt);

/// <summary>
/// Bytes by key. A key is segments with forward slashes, checked by the caller with <see cref="ObjectKey"/>. An object is whole or not there;
/// once a put has answered, it is durable. A store that doesn't do what it is asked for throws an <see cref="IOException"/>, or an
/// <see cref="UnauthorizedAccessException"/>.
/// </summary>
internal interface IObjectStore
{
    /// <summary>Stores what the stream gives, replacing what was there. Returns the size in bytes;
    /// <see cref="FailureKind.TooLarge"/> past <paramref name="largest"/> bytes, with nothing stored.</summary>
    Task<Outcome<long>> PutAsync(string key, Stream content, long largest, CancellationToken cancellation);

    /// <summary>The object's bytes, or null when there is none.</summary>
    Task<Stream?> OpenAsync(string key, CancellationToken cancellation);

    /// <summary>Gives an object's bytes another key as well, in place of what was there; durable once it has returned.</summary>
    /// <exception cref="FileNotFoundException">There is no such object.</exception>
    Task CopyAsync(string key, string target);

    /// <summary>Removes an object; nothing happens when there is none.</summary>
    Task DeleteAsync(string key);

    /// <summary>The objects whose keys begin with a prefix; what is written or removed meanwhile may be among them or not. A bucket lists them in
    /// the order of their keys' UTF-8 bytes.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellation);

    /// <summary>Null when objects can be written, else why not.</summary>
    Task<Failure?> CheckAsync(CancellationToken cancellation);
}

/// <summary>Objects of user files as files of this machine: for DuckDB, and for what has to be read in the midst of something else.</summary>
internal interface ILocalObjects
{
    /// <summary>Whether DuckDB reads an object where it is stored, so that landing files have to be stored under the names that they were given.
    /// Others are copied, and get their names then.</summary>
    bool ReadsInPlace { get; }

    /// <summary>What was modified before was left by an earlier process. UTC, by the store's clock.</summary>
    DateTime OpenedAt { get; }

    /// <summary>The path of a file with the bytes of a version, for DuckDB to read while it is held. It ends with the version's key.</summary>
    string LocalPath(FileVersion version);

    /// <summary>Lets the file at <see cref="LocalPath"/> be there until the answer is disposed; null when the object is gone.</summary>
    /// <exception cref="StorageUnavailableException">It can't be had for now.</exception>
    ValueTask<IDisposable?> HoldAsync(FileVersion version, CancellationToken cancellation);

    /// <summary>An object's bytes, or null when there is none.</summary>
    /// <exception cref="StorageUnavailableException">They can't be had for now.</exception>
    Stream? Open(string objectKey);
}
