namespace Rat.Engine.Pipelines.Templates.Syntax;

/// <summary>
/// The expression language by recursive descent, weakest operator first: <c>if</c>, <c>or</c>, <c>and</c>, <c>not</c>, comparisons, <c>+ -</c>,
/// <c>~</c>, <c>* / // %</c>, <c>**</c>, unary signs, filters and tests.
/// </summary>
internal sealed partial class ExpressionParser(TokenStream tokens, Uses uses)
{
    private int _depth;

    /// <summary>One expression, or a tuple without parentheses.</summary>
    /// <param name="end">The name before which the tuple ends, besides the end of the tag.</param>
    public Expression ParseTuple(bool withConditional = true, string? end = null, bool inParentheses = false)
    {
        var line = tokens.Current.Line;
        var items = new List<Expression>();
        var isTuple = false;
        while (!IsTupleEnd(end))
        {
            items.Add(withConditional ? ParseExpression() : ParseOr());
            if (!tokens.Skip(","))
                break;
            isTuple = true;
        }

        if (!isTuple && items.Count == 1)
            return items[0];
        return isTuple || inParentheses
            ? new TupleExpression(items, line)
            : throw tokens.Fail($"Expected an expression, got '{tokens.Current.Description}'");
    }

    public Expression ParseExpression()
    {
        Enter();
        var result = ParseOr();
        while (tokens.Current.IsName("if"))
        {
            var line = tokens.Take().Line;
            var condition = ParseOr();
            result = new Conditional(condition, result, tokens.SkipName("else") ? ParseExpression() : null, line);
        }

        _depth--;
        return result;
    }

    private bool IsTupleEnd(string? end) =>
        tokens.Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd
        || tokens.Current.IsOperator(")") || (end is not null && tokens.Current.IsName(end));

    private Expression ParseOr()
    {
        var left = ParseAnd();
        while (tokens.Current.IsName("or"))
            left = new Logical(false, left, TakeLine(out var line, ParseAnd), line);
        return left;
    }

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (tokens.Current.IsName("and"))
            left = new Logical(true, left, TakeLine(out var line, ParseNot), line);
        return left;
    }

    private Expression ParseNot()
    {
        if (!tokens.Current.IsName("not"))
            return ParseComparison();
        Enter();
        var operand = TakeLine(out var line, ParseNot);
        _depth--;
        return new Not(operand, line);
    }

    private Expression ParseComparison()
    {
        var first = ParseSum();
        var line = tokens.Current.Line;
        var rest = new List<(string, Expression)>();
        while (TakeComparison() is { } comparison)
            rest.Add((comparison, ParseSum()));
        return rest.Count == 0 ? first : new Comparison(first, rest, line);
    }

    private string? TakeComparison()
    {
        if (tokens.Current is { Kind: TokenKind.Operator, Text: "==" or "!=" or "<" or "<=" or ">" or ">=" })
            return tokens.Take().Text;
        if (tokens.SkipName("in"))
            return "in";
        if (!tokens.Current.IsName("not") || !tokens.Following.IsName("in"))
            return null;
        tokens.Take();
        tokens.Take();
        return "not in";
    }

    private Expression ParseSum()
    {
        var left = ParseConcatenation();
        while (tokens.Current is { Kind: TokenKind.Operator, Text: "+" or "-" } operation)
            left = new Binary(operation.Text, left, TakeLine(out var line, ParseConcatenation), line);
        return left;
    }

    private Expression ParseConcatenation()
    {
        var first = ParseProduct();
        if (!tokens.Current.IsOperator("~"))
            return first;
        var line = tokens.Current.Line;
        var operands = new List<Expression> { first };
        while (tokens.Skip("~"))
            operands.Add(ParseProduct());
        return new Concatenation(operands, line);
    }

    private Expression ParseProduct()
    {
        var left = ParsePower();
        while (tokens.Current is { Kind: TokenKind.Operator, Text: "*" or "/" or "//" or "%" } operation)
            left = new Binary(operation.Text, left, TakeLine(out var line, ParsePower), line);
        return left;
    }

    /// <summary>Unlike Python's, Jinja's <c>**</c> groups to the left and is weaker than a sign before it.</summary>
    private Expression ParsePower()
    {
        var left = ParseUnary(withFilters: true);
        while (tokens.Current.IsOperator("**"))
            left = new Binary("**", left, TakeLine(out var line, () => ParseUnary(withFilters: true)), line);
        return left;
    }

    private Expression ParseUnary(bool withFilters)
    {
        Expression result;
        if (tokens.Current is { Kind: TokenKind.Operator, Text: "-" or "+" } sign)
        {
            Enter();
            result = new Unary(sign.Text == "-", TakeLine(out var line, () => ParseUnary(withFilters: false)), line);
            _depth--;
        }
        else
        {
            result = ParsePrimary();
        }

        result = ParsePostfix(result);
        return withFilters ? ParseFiltersAndTests(result) : result;
    }

    private T TakeLine<T>(out int line, Func<T> parse)
    {
        line = tokens.Take().Line;
        return parse();
    }

    private void Enter()
    {
        if (++_depth > TemplateLimits.Nesting)
            throw tokens.Fail("the expression nests too deeply");
        TemplateLimits.EnsureStack();
    }
}
