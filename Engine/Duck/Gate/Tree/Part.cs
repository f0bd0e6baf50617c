namespace Rat.Engine.Duck.Gate.Tree;

/// <summary>What a property of a node holds: one of these, an array of them, or null.</summary>
internal enum Part
{
    /// <summary>Names, flags, numbers and values: nothing that is executed.</summary>
    Data,

    /// <summary>Must be empty, false or null.</summary>
    Nothing,

    Expression,
    Table,
    Query,

    /// <summary>A query with its parameters.</summary>
    Statement,

    /// <summary>DISTINCT, ORDER BY, LIMIT.</summary>
    Modifier,

    /// <summary>One expression of an ORDER BY.</summary>
    Order,

    /// <summary>The type of a cast.</summary>
    Type,

    /// <summary>WHEN … THEN …</summary>
    CaseCheck,

    /// <summary>An expression with a name, of <c>* REPLACE (…)</c>.</summary>
    NamedExpression,

    PivotColumn,
    PivotEntry,

    /// <summary>AT (…) behind a table, which is taken out before the statement is let through.</summary>
    At,

    /// <summary>One query of WITH.</summary>
    Cte,

    /// <summary>The list behind SELECT, read before the rest of its query.</summary>
    Columns,

    /// <summary>The list behind WITH. It is read before the other properties of its query, which see its names.</summary>
    Ctes,
}
