using Rat.Engine.Pipelines.Templates.Builtins;
using Rat.Engine.Pipelines.Templates.Syntax;
using Rat.Engine.Pipelines.Templates.Values;

namespace Rat.Engine.Pipelines.Templates.Rendering;

/// <summary>The half that evaluates expressions.</summary>
internal sealed partial class Interpreter
{
    private object? Evaluate(Expression expression)
    {
        var value = EvaluateLazily(expression);
        if (value is not LazyText lazy)
            return value;
        _line = expression.Line;
        return lazy.Text;
    }

    /// <summary>Like <see cref="Evaluate"/>, but a text that the platform would have to find stays unasked: for what only passes it on.</summary>
    private object? EvaluateLazily(Expression expression)
    {
        budget.Spend();
        TemplateLimits.EnsureStack();
        return expression switch
        {
            Literal literal => literal.Value,
            NameExpression name => Find(name.Name),
            TupleExpression tuple => new TupleValue(EvaluateAll(tuple.Items)),
            ListExpression list => EvaluateAll(list.Items),
            DictExpression dict => MakeDict(dict),
            Conditional conditional => Choose(conditional),
            Logical logical => Decide(logical),
            Not not => !Truth(Evaluate(not.Operand), not),
            Unary unary => ApplySign(unary),
            Binary binary => Calculate(binary),
            Comparison comparison => Compare(comparison),
            Concatenation concatenation => Concatenate(concatenation),
            AttributeExpression attribute => GetAttribute(attribute),
            Subscript subscript => GetItem(subscript),
            CallExpression call => Call(call, caller: null),
            FilterExpression filter => Filter(filter, Evaluate(filter.Target!)),
            TestExpression test => Test(test),
            _ => throw new InvalidOperationException($"Unknown expression {expression.GetType().Name}"),
        };
    }

    private object? Find(string name)
    {
        if (_scope.TryGet(name, out var value) || _platform.TryFind(name, out value))
            return value;
        if (name == "self")
            return new BlocksValue(FindBlock);
        return Globals.Find(name, budget) ?? Undefined.Name(name);
    }

    private List<object?> EvaluateAll(IReadOnlyList<Expression> expressions)
    {
        budget.MakeElements(expressions.Count);
        var values = new List<object?>(expressions.Count);
        foreach (var expression in expressions)
            values.Add(Evaluate(expression));
        return values;
    }

    private DictValue MakeDict(DictExpression expression)
    {
        var dict = new DictValue(budget);
        foreach (var (key, value) in expression.Items)
        {
            var evaluated = Evaluate(key);
            var item = Evaluate(value);
            _line = expression.Line;
            dict.Set(evaluated, item);
        }

        return dict;
    }

    private object? Choose(Conditional conditional)
    {
        if (Truth(Evaluate(conditional.Condition), conditional))
            return EvaluateLazily(conditional.Then);
        return conditional.Else is null
            ? Undefined.NoElse
            : EvaluateLazily(conditional.Else);
    }

    private object? Decide(Logical logical)
    {
        var left = Evaluate(logical.Left);
        return Truth(left, logical) == logical.IsAnd ? EvaluateLazily(logical.Right) : left;
    }

    private bool Truth(object? value, Expression place)
    {
        _line = place.Line;
        return Iteration.IsTrue(value);
    }

    private object? ApplySign(Unary unary)
    {
        var operand = Evaluate(unary.Operand);
        _line = unary.Line;
        return Arithmetic.Sign(unary.IsMinus, operand);
    }

    private object? Calculate(Binary binary)
    {
        var left = Evaluate(binary.Left);
        var right = Evaluate(binary.Right);
        _line = binary.Line;
        return Arithmetic.Apply(binary.Operator, left, right, budget);
    }

    private bool Compare(Comparison comparison)
    {
        var left = Evaluate(comparison.First);
        foreach (var (operation, operand) in comparison.Rest)
        {
            var right = Evaluate(operand);
            _line = comparison.Line;
            var holds = operation switch
            {
                "==" => Equality.AreEqual(left, right, budget),
                "!=" => !Equality.AreEqual(left, right, budget),
                "in" => Iteration.Contains(right, left, budget),
                "not in" => !Iteration.Contains(right, left, budget),
                _ => Ordering.Compare(operation, left, right, budget),
            };
            if (!holds)
                return false;
            left = right;
        }

        return true;
    }

    private string Concatenate(Concatenation concatenation)
    {
        var texts = new string[concatenation.Operands.Count];
        var length = 0L;
        for (var index = 0; index < texts.Length; index++)
        {
            var value = Evaluate(concatenation.Operands[index]);
            _line = concatenation.Line;
            texts[index] = ValueText.Of(value, budget);
            length += texts[index].Length;
        }

        budget.MakeText(length);
        return string.Concat(texts);
    }

    private object? GetAttribute(AttributeExpression attribute)
    {
        var target = Evaluate(attribute.Target);
        _line = attribute.Line;
        return Access.Attribute(target, attribute.Name, budget);
    }

    private object? GetItem(Subscript subscript)
    {
        var target = Evaluate(subscript.Target);
        if (subscript.Index is not SliceExpression slice)
        {
            var key = Evaluate(subscript.Index);
            _line = subscript.Line;
            return Access.Item(target, key, budget);
        }

        var start = EvaluateOptional(slice.Start);
        var stop = EvaluateOptional(slice.Stop);
        var step = EvaluateOptional(slice.Step);
        _line = subscript.Line;
        return Access.Slice(target, start, stop, step, budget);
    }

    private object? EvaluateOptional(Expression? expression) => expression is null ? null : Evaluate(expression);

    private object? Call(CallExpression call, MacroValue? caller)
    {
        var target = Evaluate(call.Target);
        var arguments = EvaluateArguments(call.Arguments, passesOn: target is MacroValue);
        if (caller is not null)
            arguments = arguments with { ByName = [.. arguments.ByName, ("caller", caller)] };
        _line = call.Line;
        return Calls.Call(target, arguments);
    }

    private object? Filter(FilterExpression filter, object? subject)
    {
        var arguments = EvaluateArguments(filter.Arguments, passesOn: false);
        _line = filter.Line;
        return Filters.Apply(filter.Name, subject, arguments, budget);
    }

    private object? Test(TestExpression test)
    {
        var subject = test.Name is "defined" or "undefined" ? EvaluateLazily(test.Target) : Evaluate(test.Target);
        var arguments = EvaluateArguments(test.Arguments, passesOn: false);
        _line = test.Line;
        return NamedTests.Apply(test.Name, subject, arguments, budget);
    }

    /// <param name="passesOn">The arguments become variables, so a text of the platform stays unasked.</param>
    private Arguments EvaluateArguments(CallArguments arguments, bool passesOn)
    {
        if (ReferenceEquals(arguments, CallArguments.None))
            return Arguments.None;
        var positional = new List<object?>(arguments.Positional.Count);
        foreach (var argument in arguments.Positional)
            positional.Add(passesOn ? EvaluateLazily(argument) : Evaluate(argument));
        var byName = new List<(string Name, object? Value)>(arguments.ByName.Count);
        foreach (var (name, argument) in arguments.ByName)
            byName.Add((name, passesOn ? EvaluateLazily(argument) : Evaluate(argument)));
        if (arguments.Rest is not null)
            positional.AddRange(Iteration.ToList(Evaluate(arguments.Rest), budget));
        if (arguments.RestByName is not null)
            AddByName(byName, Evaluate(arguments.RestByName));
        return new Arguments(positional, byName);
    }

    private static void AddByName(List<(string Name, object? Value)> byName, object? values)
    {
        Undefined.ThrowIf(values);
        if (values is not DictValue dict)
            throw TemplateException.Type($"argument after ** must be a mapping, not {TypeName.Of(values)}");
        if (byName.Count + dict.Count > TemplateLimits.NamedArguments)
            throw TemplateException.Limit($"more than {TemplateLimits.NamedArguments} arguments by name");
        foreach (var (key, value) in dict.Items())
        {
            var name = Markup.TextOf(key) ?? throw TemplateException.Type("keywords must be strings");
            if (byName.Exists(argument => argument.Name == name))
                throw TemplateException.Type($"got multiple values for keyword argument '{name}'");
            byName.Add((name, value));
        }
    }
}
