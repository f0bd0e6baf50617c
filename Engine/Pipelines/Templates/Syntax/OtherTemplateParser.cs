namespace Rat.Engine.Pipelines.Templates.Syntax;

/// <summary>The tags that name another template. Their syntax is checked, though no other template can be reached.</summary>
internal sealed class OtherTemplateParser(TokenStream tokens, ExpressionParser expressions, TargetParser targets)
{
    /// <summary>Parses what follows the tag's name.</summary>
    public OtherTemplateStatement Parse(Token tag)
    {
        expressions.ParseExpression();
        switch (tag.Text)
        {
            case "include":
                if (tokens.Current.IsName("ignore") && tokens.Following.IsName("missing"))
                {
                    tokens.Take();
                    tokens.Take();
                }

                SkipContext();
                break;
            case "import":
                tokens.ExpectName("as");
                targets.ParseName();
                SkipContext();
                break;
            case "from":
                tokens.ExpectName("import");
                ParseNames();
                break;
            default:
                break;
        }

        return new OtherTemplateStatement(tag.Text, tag.Line);
    }

    private void ParseNames()
    {
        do
        {
            if (SkipContext())
                return;
            targets.ParseName();
            if (tokens.SkipName("as"))
                targets.ParseName();
        }
        while (tokens.Skip(","));
        SkipContext();
    }

    private bool SkipContext()
    {
        if (tokens.Current is not { Kind: TokenKind.Name, Text: "with" or "without" } || !tokens.Following.IsName("context"))
            return false;
        tokens.Take();
        tokens.Take();
        return true;
    }
}
