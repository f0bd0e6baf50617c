namespace Rat.Storage;

/// <summary>The full name of a pipeline and of the table it writes: <c>namespace.layer.name</c>.</summary>
internal sealed record TableName(string Namespace, string Layer, string Name)
{
    public override string ToString() => $"{Namespace}.{Layer}.{Name}";
}
