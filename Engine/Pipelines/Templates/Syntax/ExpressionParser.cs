using System.Text;
using Rat.Engine.Pipelines.Templates.Builtins;

namespace Rat.Engine.Pipelines.Templates.Syntax;

/// <summary>
/// The expression language by recursive descent, weakest operator first: <c>if</c>, <c>or</c>, <c>and</c>, <c>not</c>, comparisons, <c>+ -</c>,
/// <c>~</c>, <c>* / // %</c>, <c>**</c>, unary signs, filters and tests.
/// </summary>
internal sealed class ExpressionParser(TokenStream tokens, Uses uses)
{
    private static readonly CallArguments NoArguments = CallArguments.None;
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

    /// <summary>The arguments of a call, from the opening to the closing parenthesis.</summary>
    public CallArguments ParseArguments()
    {
        var line = tokens.Expect("(").Line;
        var positional = new List<Expression>();
        var byName = new List<(string Name, Expression Value)>();
        Expression? rest = null;
        Expression? restByName = null;
        while (!tokens.Current.IsOperator(")"))
        {
            if (tokens.Skip("*"))
            {
                Ensure(rest is null && restByName is null);
                rest = ParseExpression();
            }
            else if (tokens.Skip("**"))
            {
                Ensure(restByName is null);
                restByName = ParseExpression();
            }
            else if (tokens.Current.Kind == TokenKind.Name && tokens.Following.IsOperator("="))
            {
                Ensure(restByName is null);
                var name = tokens.Take().Text;
                if (byName.Exists(argument => argument.Name == name))
                    throw tokens.Fail($"keyword argument repeated: {name}");
                if (byName.Count == TemplateLimits.NamedArguments)
                    throw tokens.Fail($"more than {TemplateLimits.NamedArguments} arguments by name");
                tokens.Take();
                byName.Add((name, ParseExpression()));
            }
            else
            {
                Ensure(rest is null && restByName is null && byName.Count == 0);
                positional.Add(ParseExpression());
            }

            if (!tokens.Current.IsOperator(")"))
                tokens.Expect(",");
        }

        tokens.Take();
        return new CallArguments(positional, byName, rest, restByName);

        void Ensure(bool isValid)
        {
            if (!isValid)
                throw TemplateException.Syntax("invalid syntax for function call expression", line);
        }
    }

    /// <summary>Filters joined by <c>|</c>, the first one without a bar, applied to the text of a block.</summary>
    public FilterExpression ParseBlockFilters()
    {
        var filter = ParseFilter(null);
        while (tokens.Skip("|"))
            filter = ParseFilter(filter);
        return filter;
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

    private Expression ParsePrimary()
    {
        var token = tokens.Take();
        switch (token.Kind)
        {
            case TokenKind.Name:
                return ConstantOrName(token);
            case TokenKind.String:
                return new Literal(AdjacentStrings(token.Text), token.Line);
            case TokenKind.Integer:
                return new Literal(NumberLiteral.Integer(token.Text, token.Line), token.Line);
            case TokenKind.Float:
                return new Literal(NumberLiteral.Float(token.Text), token.Line);
            case TokenKind.Operator when token.Text == "(":
                var inner = ParseTuple(inParentheses: true);
                tokens.Expect(")");
                return inner;
            case TokenKind.Operator when token.Text == "[":
                return new ListExpression(ParseItems("]", ParseExpression), token.Line);
            case TokenKind.Operator when token.Text == "{":
                return new DictExpression(ParseItems("}", ParsePair), token.Line);
            default:
                throw TemplateException.Syntax($"unexpected '{token.Description}'", token.Line);
        }
    }

    private Expression ConstantOrName(Token token)
    {
        switch (token.Text)
        {
            case "true" or "True":
                return new Literal(true, token.Line);
            case "false" or "False":
                return new Literal(false, token.Line);
            case "none" or "None":
                return new Literal(null, token.Line);
            default:
                uses.Note(token.Text);
                return new NameExpression(token.Text, token.Line);
        }
    }

    private string AdjacentStrings(string first)
    {
        if (tokens.Current.Kind != TokenKind.String)
            return first;
        var text = new StringBuilder(first);
        while (tokens.Current.Kind == TokenKind.String)
            text.Append(tokens.Take().Text);
        return text.ToString();
    }

    private List<T> ParseItems<T>(string end, Func<T> parse)
    {
        var items = new List<T>();
        while (!tokens.Current.IsOperator(end))
        {
            items.Add(parse());
            if (!tokens.Current.IsOperator(end))
                tokens.Expect(",");
        }

        tokens.Take();
        return items;
    }

    private (Expression Key, Expression Value) ParsePair()
    {
        var key = ParseExpression();
        tokens.Expect(":");
        return (key, ParseExpression());
    }

    private Expression ParsePostfix(Expression target)
    {
        while (true)
        {
            if (tokens.Current.IsOperator("."))
                target = ParseAttribute(target);
            else if (tokens.Current.IsOperator("["))
                target = ParseSubscript(target);
            else if (tokens.Current.IsOperator("("))
                target = ParseCall(target);
            else
                return target;
        }
    }

    private CallExpression ParseCall(Expression target)
    {
        var line = tokens.Current.Line;
        var call = new CallExpression(target, ParseArguments(), line);
        uses.Note(call);
        return call;
    }

    private Expression ParseAttribute(Expression target)
    {
        var line = tokens.Take().Line;
        var name = tokens.Take();
        return name.Kind switch
        {
            TokenKind.Name => new AttributeExpression(target, name.Text, line),
            TokenKind.Integer => new Subscript(target, new Literal(NumberLiteral.Integer(name.Text, name.Line), name.Line), line),
            _ => throw TemplateException.Syntax("expected name or number", name.Line),
        };
    }

    private Subscript ParseSubscript(Expression target)
    {
        var line = tokens.Take().Line;
        var items = new List<Expression>();
        while (!tokens.Current.IsOperator("]"))
        {
            if (items.Count > 0)
                tokens.Expect(",");
            items.Add(ParseIndex());
        }

        tokens.Take();
        if (items.Count > 1 && items.Exists(item => item is SliceExpression))
            throw TemplateException.Syntax("a slice must be the only index", line);
        return new Subscript(target, items.Count == 1 ? items[0] : new TupleExpression(items, line), line);
    }

    private Expression ParseIndex()
    {
        var line = tokens.Current.Line;
        var start = tokens.Current.IsOperator(":") ? null : ParseExpression();
        if (!tokens.Skip(":"))
            return start!;
        var stop = IsBoundMissing() ? null : ParseExpression();
        var step = tokens.Skip(":") && !IsBoundMissing() ? ParseExpression() : null;
        return new SliceExpression(start, stop, step, line);

        bool IsBoundMissing() => tokens.Current is { Kind: TokenKind.Operator, Text: ":" or "," or "]" };
    }

    private Expression ParseFiltersAndTests(Expression target)
    {
        while (true)
        {
            if (tokens.Skip("|"))
                target = ParseFilter(target);
            else if (tokens.Current.IsName("is"))
                target = ParseTest(target);
            else if (tokens.Current.IsOperator("("))
                target = ParseCall(target);
            else
                return target;
        }
    }

    private FilterExpression ParseFilter(Expression? target)
    {
        var line = tokens.Current.Line;
        var name = ParseDottedName();
        var arguments = tokens.Current.IsOperator("(") ? ParseArguments() : NoArguments;
        return Filters.Exists(name)
            ? new FilterExpression(target, name, arguments, line)
            : throw TemplateException.Syntax($"No filter named '{name}'.", line);
    }

    private Expression ParseTest(Expression target)
    {
        var line = tokens.Take().Line;
        var isNegated = tokens.SkipName("not");
        var name = ParseDottedName();
        var arguments = tokens.Current switch
        {
            { Kind: TokenKind.Operator, Text: "(" } => ParseArguments(),
            { Kind: TokenKind.Name, Text: "else" or "or" or "and" } => NoArguments,
            { Kind: TokenKind.Name, Text: "is" } => throw tokens.Fail("You cannot chain multiple tests with is"),
            { Kind: TokenKind.Name or TokenKind.String or TokenKind.Integer or TokenKind.Float } => ParseTestOperand(),
            { Kind: TokenKind.Operator, Text: "[" or "{" } => ParseTestOperand(),
            _ => NoArguments,
        };
        if (!NamedTests.Exists(name))
            throw TemplateException.Syntax($"No test named '{name}'.", line);
        var test = new TestExpression(target, name, arguments, line);
        return isNegated ? new Not(test, line) : test;
    }

    private CallArguments ParseTestOperand() => NoArguments with { Positional = [ParsePostfix(ParsePrimary())] };

    private string ParseDottedName()
    {
        var name = tokens.Expect(TokenKind.Name).Text;
        if (!tokens.Current.IsOperator("."))
            return name;
        var dotted = new StringBuilder(name);
        while (tokens.Skip("."))
            dotted.Append('.').Append(tokens.Expect(TokenKind.Name).Text);
        return dotted.ToString();
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
