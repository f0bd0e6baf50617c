namespace Rat.Engine.Pipelines.Templates.Syntax;

/// <summary>A piece of a template's body; the classes below are all there are.</summary>
internal abstract record Statement(int Line);

internal sealed record TextStatement(string Text, int Line) : Statement(Line);

/// <summary><c>{{ value }}</c>.</summary>
internal sealed record OutputStatement(Expression Value, int Line) : Statement(Line);

/// <summary><c>{% print a, b %}</c>.</summary>
internal sealed record PrintStatement(IReadOnlyList<Expression> Values, int Line) : Statement(Line);

/// <param name="Branches">The conditions of <c>if</c> and <c>elif</c> in their order.</param>
internal sealed record IfStatement(IReadOnlyList<(Expression Condition, Body Body)> Branches, Body? Else, int Line) : Statement(Line);

/// <param name="Filter">Items for which it is false are not part of the loop.</param>
internal sealed record ForStatement(
    Target Target, Expression Items, Expression? Filter, bool IsRecursive, Body Body, Body? Else, int Line) : Statement(Line);

internal sealed record SetStatement(Target Target, Expression Value, int Line) : Statement(Line);

internal sealed record SetBlockStatement(Target Target, FilterExpression? Filter, Body Body, int Line) : Statement(Line);

internal sealed record WithStatement(IReadOnlyList<(Target Target, Expression Value)> Values, Body Body, int Line) : Statement(Line);

internal sealed record MacroStatement(string Name, MacroDefinition Definition, int Line) : Statement(Line);

/// <summary><c>{% call(parameters) macro() %}</c>: the body is the macro's <c>caller()</c>.</summary>
internal sealed record CallStatement(MacroDefinition Caller, CallExpression Call, int Line) : Statement(Line);

internal sealed record FilterStatement(FilterExpression Filter, Body Body, int Line) : Statement(Line);

/// <summary>A named block: without inheritance it is rendered where it stands, and again by <c>self.name()</c>.</summary>
/// <param name="IsScoped">It sees the variables around it, not only those of the template's top level.</param>
internal sealed record BlockStatement(string Name, bool IsScoped, bool IsRequired, Body Body, int Line) : Statement(Line);

/// <summary><c>include</c>, <c>import</c>, <c>from</c> or <c>extends</c>: a pipeline is one file, so it fails when it is reached.</summary>
internal sealed record OtherTemplateStatement(string Tag, int Line) : Statement(Line);

internal sealed record Body(IReadOnlyList<Statement> Statements);

/// <summary>What a macro or the body of a call block takes.</summary>
/// <param name="Parameters">Names with their defaults; those with a default come last.</param>
/// <param name="UsesCaller">The body names <c>caller</c>, which is a parameter of its own then; likewise the two others.</param>
internal sealed record MacroDefinition(
    IReadOnlyList<(string Name, Expression? Default)> Parameters, Body Body, bool UsesCaller, bool UsesByName, bool UsesRest);

/// <summary>What a value is assigned to: a name, an attribute of a namespace, or several of them in parentheses.</summary>
internal abstract record Target(int Line);

internal sealed record NameTarget(string Name, int Line) : Target(Line);

internal sealed record NamespaceTarget(string Namespace, string Attribute, int Line) : Target(Line);

internal sealed record TupleTarget(IReadOnlyList<Target> Items, int Line) : Target(Line);
