using System.Text.RegularExpressions;
using Rat.Engine.Pipelines.Templates.Builtins;
using Rat.Engine.Pipelines.Templates.Rendering;
using Rat.Engine.Pipelines.Templates.Syntax;
using Rat.Storage;

namespace Rat.Engine.Pipelines.Templates;

/// <summary>
/// What can be told of a template without rendering it. Branches that are never taken count like others; a name that is assigned anywhere, or
/// that the template itself asks for being defined, counts as defined everywhere.
/// </summary>
internal sealed partial class TemplateSurvey
{
    // Names that exist inside loops, macros and blocks only.
    private static readonly HashSet<string> Special = ["loop", "self", "caller", "kwargs", "varargs"];

    private readonly List<(string Name, int Line, bool IsCalled)> _reads = [];
    private readonly List<(string Text, int Line)> _bareCalls = [];
    private readonly HashSet<string> _defined = new(Special, StringComparer.Ordinal);
    private readonly SqlPosition _sql = new();

    private TemplateSurvey()
    {
    }

    /// <summary>Calls <c>ref('…')</c> and <c>landing_zone('…')</c> in the text around the tags, those in SQL comments left out.</summary>
    public IReadOnlyList<(string Text, int Line)> BareCalls => _bareCalls;

    /// <summary>Places where <c>is_incremental</c> or one of its like is read without being called.</summary>
    public IEnumerable<(string Name, int Line)> UncalledQuestions => _reads
        .Where(read => !read.IsCalled && read.Name.StartsWith("is_", StringComparison.Ordinal) && IsKnown(read.Name, withPrevious: false))
        .Where(read => !_defined.Contains(read.Name))
        .Select(read => (read.Name, read.Line));

    public static TemplateSurvey Of(Body body)
    {
        var survey = new TemplateSurvey();
        try
        {
            survey.Visit(body);
        }
        catch (TemplateException)
        {
            // The stack of this thread is smaller than the one that it was parsed on: what was found so far stands.
        }

        return survey;
    }

    /// <summary>Whether the name is read anywhere.</summary>
    public bool Reads(string name) => _reads.Any(read => read.Name == name);

    /// <summary>Names that nothing defines, each at its first place.</summary>
    /// <param name="withPrevious">The name <c>previous</c> exists.</param>
    public IEnumerable<(string Name, int Line)> UndefinedNames(bool withPrevious) => _reads
        .Where(read => !_defined.Contains(read.Name))
        .DistinctBy(read => read.Name)
        .Where(read => !IsKnown(read.Name, withPrevious))
        .Select(read => (read.Name, read.Line));

    // Asked of those that render, so that there is one list of each. Nothing of the context is used for that.
    private static bool IsKnown(string name, bool withPrevious)
    {
        Func<Outcome<string>> nothing = () => "";
        var context = new TemplateContext
        {
            Ref = _ => "",
            LandingZone = _ => "",
            This = nothing,
            Previous = withPrevious ? nothing : null,
            RunStartedAt = "",
        };
        return new PlatformNames(context).TryFind(name, out _) || Globals.Find(name, new Budget(CancellationToken.None)) is not null;
    }

    private void Visit(Body? body)
    {
        TemplateLimits.EnsureStack();
        foreach (var statement in body?.Statements ?? [])
            Visit(statement);
    }

    private void Visit(Statement statement)
    {
        switch (statement)
        {
            case TextStatement text:
                Visit(text);
                break;
            case OutputStatement output:
                Visit(output.Value);
                break;
            case PrintStatement print:
                Visit(print.Values);
                break;
            case IfStatement choice:
                foreach (var (condition, body) in choice.Branches)
                {
                    Visit(condition);
                    Visit(body);
                }

                Visit(choice.Else);
                break;
            case ForStatement loop:
                Define(loop.Target);
                Visit(loop.Items);
                Visit(loop.Filter);
                Visit(loop.Body);
                Visit(loop.Else);
                break;
            case SetStatement set:
                Define(set.Target);
                Visit(set.Value);
                break;
            case SetBlockStatement set:
                Define(set.Target);
                Visit(set.Filter);
                Visit(set.Body);
                break;
            case WithStatement with:
                foreach (var (target, value) in with.Values)
                {
                    Define(target);
                    Visit(value);
                }

                Visit(with.Body);
                break;
            case MacroStatement macro:
                _defined.Add(macro.Name);
                Visit(macro.Definition);
                break;
            case CallStatement call:
                Visit(call.Caller);
                Visit(call.Call);
                break;
            case FilterStatement filter:
                Visit(filter.Filter);
                Visit(filter.Body);
                break;
            case BlockStatement block:
                Visit(block.Body);
                break;
            case OtherTemplateStatement:
                break;
            default:
                throw new InvalidOperationException($"Unknown statement {statement.GetType().Name}");
        }
    }

    private void Visit(TextStatement statement)
    {
        var text = statement.Text;
        var calls = Call().Matches(text);
        if (calls.Count == 0)
        {
            _sql.Advance(text);
            return;
        }

        var inComment = new HashSet<int>();
        var starts = calls.Select(call => call.Index).ToHashSet();
        _sql.Advance(text, (at, part) =>
        {
            if (part == SqlPart.Comment && starts.Contains(at))
                inComment.Add(at);
        });
        var (line, counted) = (statement.Line, 0);
        foreach (Match call in calls)
        {
            line += text.AsSpan(counted..call.Index).Count('\n');
            counted = call.Index;
            if (!inComment.Contains(call.Index))
                _bareCalls.Add((call.Value, line));
        }
    }

    private void Visit(MacroDefinition macro)
    {
        foreach (var (name, value) in macro.Parameters)
        {
            _defined.Add(name);
            Visit(value);
        }

        Visit(macro.Body);
    }

    private void Define(Target target)
    {
        switch (target)
        {
            case NameTarget name:
                _defined.Add(name.Name);
                break;
            case NamespaceTarget attribute:
                _reads.Add((attribute.Namespace, attribute.Line, IsCalled: false));
                break;
            case TupleTarget tuple:
                foreach (var item in tuple.Items)
                    Define(item);
                break;
            default:
                throw new InvalidOperationException($"Unknown target {target.GetType().Name}");
        }
    }

    private void Visit(IEnumerable<Expression> expressions)
    {
        foreach (var expression in expressions)
            Visit(expression);
    }

    private void Visit(CallArguments arguments)
    {
        Visit(arguments.Positional);
        Visit(arguments.ByName.Select(argument => argument.Value));
        Visit(arguments.Rest);
        Visit(arguments.RestByName);
    }

    private void Visit(Expression? expression)
    {
        TemplateLimits.EnsureStack();
        switch (expression)
        {
            case null or Literal:
                break;
            case NameExpression name:
                _reads.Add((name.Name, name.Line, IsCalled: false));
                break;
            case CallExpression { Target: NameExpression name } call:
                _reads.Add((name.Name, name.Line, IsCalled: true));
                Visit(call.Arguments);
                break;
            case CallExpression call:
                Visit(call.Target);
                Visit(call.Arguments);
                break;
            case TestExpression { Name: "defined" or "undefined", Target: NameExpression asked }:
                _defined.Add(asked.Name);
                break;
            case FilterExpression { Name: "default" or "d", Target: NameExpression replaced } filter:
                _defined.Add(replaced.Name);
                Visit(filter.Arguments);
                break;
            case TestExpression test:
                Visit(test.Target);
                Visit(test.Arguments);
                break;
            case FilterExpression filter:
                Visit(filter.Target);
                Visit(filter.Arguments);
                break;
            default:
                Visit(PartsOf(expression));
                break;
        }
    }

    private static IEnumerable<Expression> PartsOf(Expression expression) => expression switch
    {
        TupleExpression tuple => tuple.Items,
        ListExpression list => list.Items,
        DictExpression dict => dict.Items.SelectMany(item => new[] { item.Key, item.Value }),
        Conditional conditional => Present(conditional.Condition, conditional.Then, conditional.Else),
        Logical logical => [logical.Left, logical.Right],
        Not not => [not.Operand],
        Unary unary => [unary.Operand],
        Binary binary => [binary.Left, binary.Right],
        Comparison comparison => [comparison.First, .. comparison.Rest.Select(rest => rest.Operand)],
        Concatenation concatenation => concatenation.Operands,
        AttributeExpression attribute => [attribute.Target],
        Subscript subscript => [subscript.Target, subscript.Index],
        SliceExpression slice => Present(slice.Start, slice.Stop, slice.Step),
        _ => throw new InvalidOperationException($"Unknown expression {expression.GetType().Name}"),
    };

    private static IEnumerable<Expression> Present(params IEnumerable<Expression?> parts) => parts.OfType<Expression>();

    [GeneratedRegex("""(?<!\w)(?:ref|landing_zone)\(\s*['"][^'"]+['"]\s*\)""")]
    private static partial Regex Call();
}
