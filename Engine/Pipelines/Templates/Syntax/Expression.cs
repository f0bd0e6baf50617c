namespace Rat.Engine.Pipelines.Templates.Syntax;

/// <summary>A node of the expression language; the classes below are all there are.</summary>
internal abstract record Expression(int Line);

internal sealed record Literal(object? Value, int Line) : Expression(Line);

internal sealed record NameExpression(string Name, int Line) : Expression(Line);

internal sealed record TupleExpression(IReadOnlyList<Expression> Items, int Line) : Expression(Line);

internal sealed record ListExpression(IReadOnlyList<Expression> Items, int Line) : Expression(Line);

internal sealed record DictExpression(IReadOnlyList<(Expression Key, Expression Value)> Items, int Line) : Expression(Line);

/// <summary><c>a if condition else b</c>; without <c>else</c> the value is undefined when the condition is false.</summary>
internal sealed record Conditional(Expression Condition, Expression Then, Expression? Else, int Line) : Expression(Line);

/// <summary><c>and</c>, <c>or</c>: the value of the operand that decided.</summary>
internal sealed record Logical(bool IsAnd, Expression Left, Expression Right, int Line) : Expression(Line);

internal sealed record Not(Expression Operand, int Line) : Expression(Line);

internal sealed record Unary(bool IsMinus, Expression Operand, int Line) : Expression(Line);

/// <param name="Operator">One of <c>+ - * / // % **</c>.</param>
internal sealed record Binary(string Operator, Expression Left, Expression Right, int Line) : Expression(Line);

/// <summary><c>a &lt; b &lt; c</c>: each operand is evaluated at most once.</summary>
/// <param name="Rest">Operators <c>== != &lt; &lt;= &gt; &gt;= in</c> and <c>not in</c> with their right operands.</param>
internal sealed record Comparison(Expression First, IReadOnlyList<(string Operator, Expression Operand)> Rest, int Line) : Expression(Line);

/// <summary><c>a ~ b ~ c</c>.</summary>
internal sealed record Concatenation(IReadOnlyList<Expression> Operands, int Line) : Expression(Line);

internal sealed record AttributeExpression(Expression Target, string Name, int Line) : Expression(Line);

internal sealed record Subscript(Expression Target, Expression Index, int Line) : Expression(Line);

/// <summary><c>a:b:c</c> inside a subscript.</summary>
internal sealed record SliceExpression(Expression? Start, Expression? Stop, Expression? Step, int Line) : Expression(Line);

internal sealed record CallExpression(Expression Target, CallArguments Arguments, int Line) : Expression(Line);

/// <param name="Target">Null for the filter of a block, whose subject is the rendered text.</param>
internal sealed record FilterExpression(Expression? Target, string Name, CallArguments Arguments, int Line) : Expression(Line);

internal sealed record TestExpression(Expression Target, string Name, CallArguments Arguments, int Line) : Expression(Line);

/// <summary>What stands between the parentheses of a call.</summary>
/// <param name="Rest">The value of <c>*args</c>.</param>
/// <param name="RestByName">The value of <c>**kwargs</c>.</param>
internal sealed record CallArguments(
    IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> ByName, Expression? Rest, Expression? RestByName)
{
    public static CallArguments None { get; } = new([], [], null, null);
}
