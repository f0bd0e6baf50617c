namespace Rat.Engine.Duck.Gate;

/// <summary>Messages that clients may show or look for (behaviour of queries).</summary>
internal static class GateMessages
{
    public const string Empty = "sql is empty";
    public const string OnlySelect = "Only SELECT queries are allowed";
    public const string FileFunction = "Direct file/URL access functions are not allowed in queries";
    public const string NoLandingFiles = "landing files not found";
    public const string OneStatement = "only one statement is allowed: remove what follows the ;";
    public const string TooDeep = "the statement is nested too deeply";
    public const string TooLarge = "a query of the statement has too many columns, or too large ones";
    public const string TooManyCopies = "the statement becomes too large when its aliases, or its NOT MATERIALIZED queries, are put in";
}
