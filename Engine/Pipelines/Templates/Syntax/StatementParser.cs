namespace Rat.Engine.Pipelines.Templates.Syntax;

/// <summary>A whole template: its text, and its tags by recursive descent.</summary>
internal sealed class StatementParser
{
    private static readonly string[] EndOfIf = ["elif", "else", "endif"];
    private static readonly string[] EndOfFor = ["endfor", "else"];

    private readonly TokenStream _tokens;
    private readonly Uses _uses = new();
    private readonly ExpressionParser _expressions;
    private readonly TargetParser _targets;
    private readonly SqlPosition _sql = new();
    private readonly Stack<string> _openTags = new();
    private readonly Stack<string[]> _awaited = new();
    private readonly Dictionary<string, BlockStatement> _blocks = new(StringComparer.Ordinal);

    private StatementParser(string source)
    {
        _tokens = new TokenStream(source);
        _expressions = new ExpressionParser(_tokens, _uses);
        _targets = new TargetParser(_tokens, _uses);
    }

    /// <summary>Parses a template, or throws what is wrong with it.</summary>
    public static ParsedTemplate Parse(string source)
    {
        var parser = new StatementParser(source);
        var body = parser.ParseBody([]);
        return new ParsedTemplate(body, parser._blocks, parser._uses.References);
    }

    /// <summary>Text and tags up to one of <paramref name="ends"/>, whose name is the current token then; or up to the end of the template.</summary>
    private Body ParseBody(string[] ends)
    {
        if (_awaited.Count > TemplateLimits.Nesting)
            throw _tokens.Fail("the template's blocks nest too deeply");
        TemplateLimits.EnsureStack();
        _awaited.Push(ends);
        var statements = new List<Statement>();
        while (true)
        {
            var token = _tokens.Take();
            switch (token.Kind)
            {
                case TokenKind.Data:
                    _sql.Advance(token.Text);
                    statements.Add(new TextStatement(token.Text, token.Line));
                    break;
                case TokenKind.VariableBegin:
                    _uses.InSqlComment = _sql.InComment;
                    statements.Add(new OutputStatement(_expressions.ParseTuple(), token.Line));
                    _uses.InSqlComment = false;
                    _tokens.Expect(TokenKind.VariableEnd);
                    break;
                case TokenKind.BlockBegin:
                    if (_tokens.Current.Kind == TokenKind.Name && ends.Contains(_tokens.Current.Text))
                    {
                        _awaited.Pop();
                        return new Body(statements);
                    }

                    statements.Add(ParseStatement());
                    _tokens.Expect(TokenKind.BlockEnd);
                    break;
                default:
                    if (ends.Length > 0)
                        throw Unclosed(null, token.Line);
                    return new Body(statements);
            }
        }
    }

    /// <summary>The rest of an opening tag, the body after it, and the name of the tag that ends it; that tag's end stays.</summary>
    private Body ParseBlock(params string[] ends)
    {
        _tokens.Skip(":");
        _tokens.Expect(TokenKind.BlockEnd);
        return ParseBody(ends);
    }

    private Body ParseLastBlock(string end)
    {
        var body = ParseBlock(end);
        _tokens.Take();
        return body;
    }

    private Statement ParseStatement()
    {
        if (_tokens.Current.Kind != TokenKind.Name)
            throw _tokens.Fail("tag name expected");
        var tag = _tokens.Take();
        _openTags.Push(tag.Text);
        Statement statement = tag.Text switch
        {
            "for" => ParseFor(tag.Line),
            "if" => ParseIf(tag.Line),
            "set" => ParseSet(tag.Line),
            "with" => ParseWith(tag.Line),
            "macro" => ParseMacro(tag.Line),
            "call" => ParseCall(tag.Line),
            "filter" => new FilterStatement(_expressions.ParseBlockFilters(), ParseLastBlock("endfilter"), tag.Line),
            "block" => ParseNamedBlock(tag.Line),
            "print" => ParsePrint(tag.Line),
            "include" or "import" or "from" or "extends" => new OtherTemplateParser(_tokens, _expressions, _targets).Parse(tag),
            "autoescape" => throw TemplateException.Syntax("autoescape has no meaning in SQL and is not supported", tag.Line),
            _ => throw Unknown(tag),
        };
        _openTags.Pop();
        return statement;
    }

    private ForStatement ParseFor(int line)
    {
        _targets.EnterLoop();
        var target = _targets.ParseOfLoop();
        _tokens.ExpectName("in");
        var items = _expressions.ParseTuple(withConditional: false, end: "recursive");
        var filter = _tokens.SkipName("if") ? _expressions.ParseExpression() : null;
        var isRecursive = _tokens.SkipName("recursive");
        var body = ParseBlock(EndOfFor);
        var otherwise = _tokens.Take().Text == "else" ? ParseLastBlock("endfor") : null;
        _targets.LeaveLoop();
        return new ForStatement(target, items, filter, isRecursive, body, otherwise, line);
    }

    private IfStatement ParseIf(int line)
    {
        var branches = new List<(Expression, Body)>();
        while (true)
        {
            var condition = _expressions.ParseTuple(withConditional: false);
            branches.Add((condition, ParseBlock(EndOfIf)));
            switch (_tokens.Take().Text)
            {
                case "elif":
                    continue;
                case "else":
                    return new IfStatement(branches, ParseLastBlock("endif"), line);
                default:
                    return new IfStatement(branches, null, line);
            }
        }
    }

    private Statement ParseSet(int line)
    {
        var target = _targets.ParseOfSet();
        if (_tokens.Skip("="))
            return new SetStatement(target, _expressions.ParseTuple(), line);
        var filter = _tokens.Skip("|") ? _expressions.ParseBlockFilters() : null;
        return new SetBlockStatement(target, filter, ParseLastBlock("endset"), line);
    }

    private WithStatement ParseWith(int line)
    {
        var values = new List<(Target, Expression)>();
        while (_tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (values.Count > 0)
                _tokens.Expect(",");
            var target = _targets.ParseOfWith();
            _tokens.Expect("=");
            values.Add((target, _expressions.ParseExpression()));
        }

        return new WithStatement(values, ParseLastBlock("endwith"), line);
    }

    private MacroStatement ParseMacro(int line)
    {
        var name = _targets.ParseName();
        return new MacroStatement(name, ParseDefinition("endmacro", ParseParameters()), line);
    }

    private CallStatement ParseCall(int line)
    {
        var parameters = _tokens.Current.IsOperator("(") ? ParseParameters() : [];
        var call = _expressions.ParseExpression() as CallExpression ?? throw TemplateException.Syntax("expected call", line);
        return new CallStatement(ParseDefinition("endcall", parameters), call, line);
    }

    private MacroDefinition ParseDefinition(string end, List<(string Name, Expression? Default)> parameters)
    {
        var names = _uses.EnterMacro();
        var body = ParseLastBlock(end);
        _uses.LeaveMacro();
        var caller = parameters.FindIndex(parameter => parameter.Name == "caller");
        if (names.Caller && caller >= 0 && parameters[caller].Default is null)
        {
            throw _tokens.Fail(
                "When defining macros or call blocks the special \"caller\" argument must be omitted or be given a default.");
        }

        return new MacroDefinition(parameters, body, names.Caller, names.ByName && !Has("kwargs"), names.Rest && !Has("varargs"));

        bool Has(string name) => parameters.Exists(parameter => parameter.Name == name);
    }

    private List<(string Name, Expression? Default)> ParseParameters()
    {
        var parameters = new List<(string Name, Expression? Default)>();
        _tokens.Expect("(");
        while (!_tokens.Current.IsOperator(")"))
        {
            if (parameters.Count > 0)
                _tokens.Expect(",");
            var name = _targets.ParseName();
            if (parameters.Exists(parameter => parameter.Name == name))
                throw _tokens.Fail($"duplicate argument '{name}'");
            var fallback = _tokens.Skip("=") ? _expressions.ParseExpression() : null;
            if (fallback is null && parameters.Count > 0 && parameters[^1].Default is not null)
                throw _tokens.Fail("non-default argument follows default argument");
            if (parameters.Count == TemplateLimits.NamedArguments)
                throw _tokens.Fail($"more than {TemplateLimits.NamedArguments} parameters");
            parameters.Add((name, fallback));
        }

        _tokens.Take();
        return parameters;
    }

    private BlockStatement ParseNamedBlock(int line)
    {
        var name = _tokens.Expect(TokenKind.Name).Text;
        var isScoped = _tokens.SkipName("scoped");
        var isRequired = _tokens.SkipName("required");
        if (_tokens.Current.IsOperator("-"))
            throw _tokens.Fail("Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.");
        var body = ParseLastBlock("endblock");
        if (isRequired && body.Statements.Any(part => part is not TextStatement text || !string.IsNullOrWhiteSpace(text.Text)))
            throw _tokens.Fail("Required blocks can only contain comments or whitespace");
        _tokens.SkipName(name);
        var block = new BlockStatement(name, isScoped, isRequired, body, line);
        return _blocks.TryAdd(name, block) ? block : throw TemplateException.Syntax($"block '{name}' defined twice", line);
    }

    private PrintStatement ParsePrint(int line)
    {
        var values = new List<Expression>();
        while (_tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (values.Count > 0)
                _tokens.Expect(",");
            values.Add(_expressions.ParseExpression());
        }

        return new PrintStatement(values, line);
    }

    private TemplateException Unknown(Token tag)
    {
        _openTags.Pop();
        return Unclosed(tag.Text, tag.Line);
    }

    /// <summary>What is said of an unknown or misplaced tag, or, without <paramref name="tag"/>, of a template that ends too early.</summary>
    private TemplateException Unclosed(string? tag, int line)
    {
        var message = tag is null ? "Unexpected end of template." : $"Encountered unknown tag '{tag}'.";
        if (_awaited.TryPeek(out var ends) && ends.Length > 0)
        {
            var awaited = string.Join(" or ", ends.Select(end => $"'{end}'"));
            message += tag is not null && _awaited.Any(outer => outer.Contains(tag))
                ? $" You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for {awaited}."
                : $" Jinja was looking for the following tags: {awaited}.";
        }

        if (_openTags.TryPeek(out var open))
            message += $" The innermost block that needs to be closed is '{open}'.";
        return TemplateException.Syntax(message, line);
    }
}
