using Rat.Engine.Duck.Gate.Names;

namespace Rat.Engine.Duck.Gate.Tree;

/// <summary>
/// The names of WITH that a query sees, innermost first. A list is read from left to right: each query sees the names before its own, and its
/// own only behind the UNION of WITH RECURSIVE; without that, its own name in it is a table.
/// </summary>
/// <param name="Height">Levels of nesting below the name.</param>
/// <param name="Weight">Nodes of its query.</param>
/// <param name="IsRecurring">Inside of its own recursion, where <c>recurring.name</c> is the rows so far.</param>
internal sealed record CteScope(string Name, Levels Height, long Weight, bool IsRecurring, CteScope? Outer)
{
    public static CteScope? Find(CteScope? scope, string name)
    {
        while (scope is not null && !AsciiNames.AreEqual(scope.Name, name))
            scope = scope.Outer;
        return scope;
    }
}
