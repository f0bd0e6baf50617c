namespace Rat.Storage;

/// <summary>Where files are kept doesn't do what it is asked for, and may do it later. The message is one line that may be shown to anyone.</summary>
internal class StorageUnavailableException(string message, Exception? inner = null) : IOException(message, inner);
