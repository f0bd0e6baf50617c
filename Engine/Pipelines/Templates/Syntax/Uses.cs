namespace Rat.Engine.Pipelines.Templates.Syntax;

/// <summary>What is noted while a template is parsed: the tables that it refers to, and which special names the body of each macro uses.</summary>
internal sealed class Uses
{
    private readonly List<string> _references = [];
    private readonly Stack<SpecialNames> _macros = new();

    /// <summary>Raw texts of the calls <c>ref('…')</c> with one literal argument, in their order, those printed inside SQL comments left out.</summary>
    public IReadOnlyList<string> References => _references;

    /// <summary>The expression that is being parsed prints into a comment of the SQL around it, which therefore reads nothing.</summary>
    public bool InSqlComment { get; set; }

    public void Note(CallExpression call)
    {
        if (!InSqlComment && call is
            {
                Target: NameExpression { Name: "ref" },
                Arguments: { Positional: [Literal { Value: string text }], ByName.Count: 0, Rest: null, RestByName: null },
            })
        {
            _references.Add(text);
        }
    }

    public void Note(string name)
    {
        foreach (var macro in _macros)
            macro.Note(name);
    }

    /// <summary>From here on the name is a variable like others inside the macros that are being parsed.</summary>
    public void NoteAssigned(string name)
    {
        foreach (var macro in _macros)
            macro.Assigned.Add(name);
    }

    public SpecialNames EnterMacro()
    {
        var names = new SpecialNames();
        _macros.Push(names);
        return names;
    }

    public void LeaveMacro() => _macros.Pop();

    /// <summary>Which of <c>caller</c>, <c>kwargs</c> and <c>varargs</c> a macro's body reads without assigning it first.</summary>
    internal sealed class SpecialNames
    {
        public HashSet<string> Assigned { get; } = new(StringComparer.Ordinal);
        public bool Caller { get; private set; }
        public bool ByName { get; private set; }
        public bool Rest { get; private set; }

        public void Note(string name)
        {
            if (Assigned.Contains(name))
                return;
            Caller |= name == "caller";
            ByName |= name == "kwargs";
            Rest |= name == "varargs";
        }
    }
}
