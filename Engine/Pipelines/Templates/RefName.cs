using Rat.Storage;

namespace Rat.Engine.Pipelines.Templates;

/// <summary>The name of a table as <c>ref()</c> reads it.</summary>
internal static class RefName
{
    /// <summary>
    /// <c>layer.name</c> is in the caller's namespace, <c>ns.layer.name</c> names another; a further dot stays in the name. The layer is not
    /// checked here.
    /// </summary>
    public static Outcome<TableName> Parse(string text, string ownNamespace)
    {
        var pieces = text.Split('.', 3);
        if (pieces.Length < 2 || pieces.Any(string.IsNullOrWhiteSpace))
            return Failure.Invalid($"invalid ref '{text}': expected layer.name or ns.layer.name");
        return pieces.Length == 2
            ? new TableName(ownNamespace, pieces[0], pieces[1])
            : new TableName(pieces[0], pieces[1], pieces[2]);
    }
}
