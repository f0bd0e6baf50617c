namespace Rat.Engine.Pipelines.Templates.Syntax;

/// <summary>What a loop, <c>set</c> or <c>with</c> assigns to.</summary>
internal sealed class TargetParser(TokenStream tokens, Uses uses)
{
    private int _loops;
    private int _depth;

    /// <summary>Between these two, the name <c>loop</c> can't be assigned: it is the loop's own.</summary>
    public void EnterLoop() => _loops++;

    public void LeaveLoop() => _loops--;

    public Target ParseOfLoop() => Parse(withNamespace: false, end: "in");

    /// <summary>Here an attribute of a namespace may stand too.</summary>
    public Target ParseOfSet() => Parse(withNamespace: true, end: null);

    public Target ParseOfWith()
    {
        var loops = _loops;
        _loops = 0;
        var target = Parse(withNamespace: false, end: null);
        _loops = loops;
        return target;
    }

    /// <summary>A plain name, such as that of a macro or of a parameter.</summary>
    public string ParseName()
    {
        var token = tokens.Expect(TokenKind.Name);
        uses.NoteAssigned(token.Text);
        return IsConstant(token.Text) ? throw TemplateException.Syntax("can't assign to 'name'", token.Line) : token.Text;
    }

    private Target Parse(bool withNamespace, string? end)
    {
        var line = tokens.Current.Line;
        var items = new List<Target>();
        var isTuple = false;
        while (!IsEnd(end))
        {
            items.Add(ParseOne(withNamespace));
            if (!tokens.Skip(","))
                break;
            isTuple = true;
        }

        if (items.Count == 0)
            throw tokens.Fail($"Expected an expression, got '{tokens.Current.Description}'");
        return isTuple ? new TupleTarget(items, line) : items[0];
    }

    private bool IsEnd(string? end) =>
        tokens.Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd
        || tokens.Current.IsOperator(")") || (end is not null && tokens.Current.IsName(end));

    private Target ParseOne(bool withNamespace)
    {
        if (tokens.Current.IsOperator("("))
            return ParseInParentheses();
        if (tokens.Current.Kind != TokenKind.Name || IsConstant(tokens.Current.Text))
            throw tokens.Fail($"can't assign to '{tokens.Current.Description}'");
        var name = tokens.Take();
        if (withNamespace && tokens.Skip("."))
        {
            uses.Note(name.Text);
            return new NamespaceTarget(name.Text, tokens.Expect(TokenKind.Name).Text, name.Line);
        }

        if (_loops > 0 && name.Text == "loop")
            throw TemplateException.Syntax("Can't assign to special loop variable in for-loop target", name.Line);
        uses.NoteAssigned(name.Text);
        return new NameTarget(name.Text, name.Line);
    }

    private Target ParseInParentheses()
    {
        if (++_depth > TemplateLimits.Nesting)
            throw tokens.Fail("the expression nests too deeply");
        tokens.Take();
        var target = Parse(withNamespace: false, end: null);
        tokens.Expect(")");
        _depth--;
        return target;
    }

    private static bool IsConstant(string name) => name is "true" or "True" or "false" or "False" or "none" or "None";
}
