namespace Rat.Engine.Pipelines.Templates.Syntax;

/// <summary>The tokens of a template with one token of look-ahead.</summary>
internal sealed class TokenStream
{
    private readonly Lexer _lexer;
    private Token? _following;

    public TokenStream(string source)
    {
        _lexer = new Lexer(source);
        Current = _lexer.Next();
    }

    public Token Current { get; private set; }

    public Token Following => _following ??= _lexer.Next();

    /// <summary>Gives the current token and moves to the next one.</summary>
    public Token Take()
    {
        var taken = Current;
        Current = Following;
        _following = null;
        return taken;
    }

    public bool Skip(string operatorText)
    {
        if (!Current.IsOperator(operatorText))
            return false;
        Take();
        return true;
    }

    public bool SkipName(string name)
    {
        if (!Current.IsName(name))
            return false;
        Take();
        return true;
    }

    public Token Expect(TokenKind kind) => Current.Kind == kind ? Take() : throw Unexpected(Token.Describe(kind));

    public Token Expect(string operatorText) => Current.IsOperator(operatorText) ? Take() : throw Unexpected(operatorText);

    public Token ExpectName(string name) => Current.IsName(name) ? Take() : throw Unexpected(name);

    public TemplateException Fail(string message) => TemplateException.Syntax(message, Current.Line);

    private TemplateException Unexpected(string expected) => Fail(Current.Kind == TokenKind.End
        ? $"unexpected end of template, expected '{expected}'."
        : $"expected token '{expected}', got '{Current.Description}'");
}
