using Rat.Engine.Pipelines.Templates.Syntax;
using Rat.Engine.Pipelines.Templates.Values;

namespace Rat.Engine.Pipelines.Templates.Rendering;

/// <summary>Walks over a parsed template and writes its text. One instance renders once; this is the half that runs statements.</summary>
internal sealed partial class Interpreter(ParsedTemplate template, TemplateContext context, Budget budget)
{
    private readonly PlatformNames _platform = new(context);
    private readonly Scope _top = new(null);
    private Scope _scope = new(null);
    private BoundedText _output = new(budget);

    /// <summary>Line of the operation that runs, which is where an error happens.</summary>
    private int _line = 1;

    /// <summary>The template's text. An error leaves as an exception with the line at which it happened.</summary>
    public string Render()
    {
        try
        {
            _scope = _top;
            Run(template.Body);
            return _output.ToString();
        }
        catch (TemplateException error) when (error.Line == 0)
        {
            throw error.At(_line);
        }
    }

    private void Run(Body body)
    {
        TemplateLimits.EnsureStack();
        foreach (var statement in body.Statements)
        {
            budget.Spend();
            _line = statement.Line;
            Run(statement);
        }
    }

    private void Run(Statement statement)
    {
        switch (statement)
        {
            case TextStatement text:
                Write(text.Text);
                break;
            case OutputStatement output:
                Print(output.Value);
                break;
            case PrintStatement print:
                foreach (var value in print.Values)
                    Print(value);
                break;
            case IfStatement choice:
                RunIf(choice);
                break;
            case ForStatement loop:
                RunFor(loop);
                break;
            case SetStatement set:
                Assign(set.Target, EvaluateLazily(set.Value), set.Line);
                break;
            case SetBlockStatement set:
                Assign(set.Target, RunFiltered(set.Filter, set.Body), set.Line);
                break;
            case WithStatement with:
                RunWith(with);
                break;
            case MacroStatement macro:
                _scope.Set(macro.Name, MakeMacro(macro.Name, macro.Definition));
                break;
            case CallStatement call:
                Write(ValueText.Of(Call(call.Call, MakeMacro(null, call.Caller)), budget));
                break;
            case FilterStatement filter:
                Write(ValueText.Of(RunFiltered(filter.Filter, filter.Body), budget));
                break;
            case BlockStatement block:
                RunBlock(block, block.IsScoped ? _scope : _top);
                break;
            case OtherTemplateStatement other:
                throw TemplateException.Type($"{{% {other.Tag} %}}: a pipeline's template is one file, no other template can be loaded");
            default:
                throw new InvalidOperationException($"Unknown statement {statement.GetType().Name}");
        }
    }

    private void Print(Expression expression)
    {
        var value = Evaluate(expression);
        _line = expression.Line;
        Write(ValueText.Of(value, budget));
    }

    private void Write(string text) => _output.Append(text);

    private void RunIf(IfStatement choice)
    {
        foreach (var (condition, body) in choice.Branches)
        {
            if (Truth(Evaluate(condition), condition))
            {
                Run(body);
                return;
            }
        }

        if (choice.Else is not null)
            Run(choice.Else);
    }

    private void RunWith(WithStatement with)
    {
        var values = with.Values.Select(value => EvaluateLazily(value.Value)).ToArray();
        InScope(new Scope(_scope), () =>
        {
            for (var index = 0; index < values.Length; index++)
                Assign(with.Values[index].Target, values[index], with.Line);
            Run(with.Body);
        });
    }

    /// <summary>The text of a body in a scope of its own, or what the filter makes of it.</summary>
    private object? RunFiltered(FilterExpression? filter, Body body)
    {
        object? result = null;
        InScope(new Scope(_scope), () =>
        {
            var text = Capture(() => Run(body));
            result = filter is null ? text : FilterBlock(filter, text);
        });
        return result;
    }

    private object? FilterBlock(FilterExpression filter, string text) => Filter(
        filter, filter.Target is FilterExpression inner ? FilterBlock(inner, text) : text);

    private void RunBlock(BlockStatement block, Scope outer)
    {
        if (block.IsRequired)
            throw TemplateException.Runtime($"Required block '{block.Name}' not found");
        budget.EnterCall();
        InScope(new Scope(outer), () => Run(block.Body));
        budget.LeaveCall();
    }

    private FunctionValue? FindBlock(string name) => template.Blocks.TryGetValue(name, out var block)
        ? FunctionValue.WithoutArguments($"<block {name}>", () => Capture(() => RunBlock(block, _top)))
        : null;

    private void Assign(Target target, object? value, int line)
    {
        _line = line;
        switch (target)
        {
            case NameTarget name:
                _scope.Set(name.Name, value);
                break;
            case NamespaceTarget attribute:
                if (Find(attribute.Namespace) is not NamespaceValue names)
                    throw TemplateException.Runtime("cannot assign attribute on non-namespace object");
                names.Attributes.Set(attribute.Attribute, value is LazyText lazy ? lazy.Text : value);
                break;
            case TupleTarget tuple:
                Unpack(tuple, value is LazyText text ? text.Text : value, line);
                break;
            default:
                throw new InvalidOperationException($"Unknown target {target.GetType().Name}");
        }
    }

    private void Unpack(TupleTarget tuple, object? value, int line)
    {
        if (value is not Undefined && !Iteration.IsIterable(value))
            throw TemplateException.Type($"cannot unpack non-iterable {TypeName.Of(value)} object");
        var expected = tuple.Items.Count;
        var items = Iteration.Over(value, budget).Take(expected + 1).ToList();
        if (items.Count < expected)
            throw TemplateException.Value($"not enough values to unpack (expected {expected}, got {items.Count})");
        if (items.Count > expected)
            throw TemplateException.Value($"too many values to unpack (expected {expected})");
        for (var index = 0; index < expected; index++)
            Assign(tuple.Items[index], items[index], line);
    }

    private string Capture(Action write)
    {
        var outer = _output;
        _output = new BoundedText(budget);
        write();
        var text = _output.ToString();
        _output = outer;
        return text;
    }

    private void InScope(Scope scope, Action run)
    {
        var outer = _scope;
        _scope = scope;
        run();
        _scope = outer;
    }
}
