namespace Rat.Engine.Pipelines.Templates.Syntax;

/// <summary>A template as a tree.</summary>
/// <param name="References">Texts of its literal calls of <c>ref</c>, see <see cref="Uses.References"/>.</param>
internal sealed record ParsedTemplate(Body Body, IReadOnlyDictionary<string, BlockStatement> Blocks, IReadOnlyList<string> References);
