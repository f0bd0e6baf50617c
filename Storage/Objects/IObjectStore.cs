namespace Rat.Storage.Objects;

/// <summary>An object as the store lists it. <c>ModifiedAt</c> is UTC, by the store's clock.</summary>
internal sealed record StoredObject(string Key, DateTime ModifiedAt);

/// <summary>
/// Bytes by key. A key is segments with forward slashes, checked by the caller with <see cref="ObjectKey"/>. An object is whole or not there;
/// once a put has answered, it is durable.
/// </summary>
internal interface IObjectStore
{
    /// <summary>Stores what the stream gives, replacing what was there. Returns the size in bytes;
    /// <see cref="FailureKind.TooLarge"/> past <paramref name="largest"/> bytes, with nothing stored.</summary>
    Task<Outcome<long>> PutAsync(string key, Stream content, long largest, CancellationToken cancellation);

    /// <summary>The object's bytes, or null when there is none.</summary>
    Stream? Open(string key);

    /// <summary>Gives an object's bytes another key as well, in place of what was there; durable once it has returned.</summary>
    void Copy(string key, string target);

    /// <summary>Removes an object; nothing happens when there is none.</summary>
    void Delete(string key);

    /// <summary>All objects, in no order; what is written or removed meanwhile may be among them or not.</summary>
    IEnumerable<StoredObject> List();

    /// <summary>A file of this machine with the object's bytes, for DuckDB to read.</summary>
    string LocalPath(string key);

    /// <summary>Null when objects can be written, else why not.</summary>
    Failure? Check();
}
