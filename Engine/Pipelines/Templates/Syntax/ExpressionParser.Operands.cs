using System.Text;
using Rat.Engine.Pipelines.Templates.Builtins;

namespace Rat.Engine.Pipelines.Templates.Syntax;

/// <summary>Values, and what is written after them: attributes, items, calls, filters and tests.</summary>
internal sealed partial class ExpressionParser
{
    private static readonly CallArguments NoArguments = CallArguments.None;

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
}
