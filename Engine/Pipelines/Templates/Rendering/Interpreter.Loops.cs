using Rat.Engine.Pipelines.Templates.Syntax;
using Rat.Engine.Pipelines.Templates.Values;

namespace Rat.Engine.Pipelines.Templates.Rendering;

/// <summary>The part that runs loops.</summary>
internal sealed partial class Interpreter
{
    private void RunFor(ForStatement loop)
    {
        var outer = _scope;
        var items = Evaluate(loop.Items);
        _line = loop.Line;
        if (loop.IsRecursive)
            Write(RunRecursively(loop, items, outer, depth: 0));
        else
            RunLoop(loop, items, outer, depth: 0, recurse: null);
    }

    private string RunRecursively(ForStatement loop, object? items, Scope outer, int depth)
    {
        budget.EnterCall();
        var text = Capture(() => RunLoop(loop, items, outer, depth, more => RunRecursively(loop, more, outer, depth + 1)));
        budget.LeaveCall();
        return text;
    }

    private void RunLoop(ForStatement loop, object? items, Scope outer, int depth, Func<object?, object?>? recurse)
    {
        // The scope is put back by hand: a closure per iteration would cost more than the body of most loops.
        var around = _scope;
        var taken = Iteration.Over(items, budget);
        var isFiltered = loop.Filter is not null;
        using var rest = (isFiltered ? Passing(loop, taken, outer) : taken).GetEnumerator();
        var state = new LoopValue(isFiltered ? null : items, rest, depth, recurse, budget);
        while (state.TryMove(out var item))
        {
            _scope = new Scope(outer);
            _scope.Set("loop", state);
            Assign(loop.Target, item, loop.Line);
            Run(loop.Body);
            _scope = outer;
        }

        if (state.Index0 < 0 && loop.Else is not null)
        {
            _scope = new Scope(outer);
            Run(loop.Else);
        }

        _scope = around;
    }

    /// <summary>The items that pass the loop's condition, each tested just before its turn: the body may have changed what it looks at.</summary>
    private IEnumerable<object?> Passing(ForStatement loop, IEnumerable<object?> items, Scope outer)
    {
        foreach (var item in items)
        {
            var around = _scope;
            _scope = new Scope(outer);
            Assign(loop.Target, item, loop.Line);
            var passes = Truth(Evaluate(loop.Filter!), loop.Filter!);
            _scope = around;
            if (passes)
                yield return item;
        }
    }
}
