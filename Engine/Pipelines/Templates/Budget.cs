namespace Rat.Engine.Pipelines.Templates;

/// <summary>
/// What a rendering may still use of <see cref="TemplateLimits"/>. Everything that evaluates, visits or makes something pays here first.
/// </summary>
internal sealed class Budget(CancellationToken cancellation)
{
    private const long StepsBetweenChecks = 4096;

    private long _steps;
    private long _nextCheck = StepsBetweenChecks;
    private long _allocated;
    private int _calls;

    /// <summary>Pays for work: one step is a node or an element.</summary>
    public void Spend(long steps = 1)
    {
        _steps += steps;
        if (_steps > TemplateLimits.Steps)
            throw TemplateException.Limit($"the template takes more than {TemplateLimits.Steps} steps");
        if (_steps < _nextCheck)
            return;
        _nextCheck = _steps + StepsBetweenChecks;
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Pays for looking through a text.</summary>
    public void Read(string text) => Spend(1 + (text.Length / 64));

    /// <summary>Pays for a text before it is made.</summary>
    public void MakeText(long length)
    {
        Spend();
        GrowText(0, length);
    }

    /// <summary>Pays for a piece before it is added to a text.</summary>
    public void GrowText(long length, long added)
    {
        if (length + added > TemplateLimits.TextLength)
            throw TemplateException.Limit($"a text is longer than {TemplateLimits.TextLength} characters");
        Allocate(added);
        Spend(added / 16);
    }

    /// <summary>Pays for a text that was made from one about as long.</summary>
    public string Made(string text)
    {
        MakeText(text.Length);
        return text;
    }

    /// <summary>Pays for elements of lists, dicts or ranges before they are made.</summary>
    public void MakeElements(long count)
    {
        if (count > TemplateLimits.Allocation)
            throw Exhausted();
        Allocate(count * TemplateLimits.ElementSize);
        Spend(count);
    }

    public void EnterCall()
    {
        TemplateLimits.EnsureStack();
        if (++_calls > TemplateLimits.Calls)
            throw TemplateException.Recursion();
    }

    public void LeaveCall() => _calls--;

    private void Allocate(long units)
    {
        _allocated += units;
        if (_allocated > TemplateLimits.Allocation)
            throw Exhausted();
    }

    private static TemplateException Exhausted() => TemplateException.Limit("the template uses too much memory");
}
