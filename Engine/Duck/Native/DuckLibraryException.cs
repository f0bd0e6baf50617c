namespace Rat.Engine.Duck;

/// <summary>DuckDB's native library can't be loaded. The message is one line for the person who runs the server.</summary>
internal sealed class DuckLibraryException(string message, Exception? inner = null) : Exception(message, inner);
