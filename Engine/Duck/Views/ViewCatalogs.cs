using System.Runtime.CompilerServices;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Objects;

namespace Rat.Engine.Duck.Views;

/// <summary>The views of each instance; an instance that was replaced takes its views with it.</summary>
internal sealed class ViewCatalogs(DataDirectory directory, TableCheck check, UserFiles files)
{
    private readonly ConditionalWeakTable<DuckInstance, ViewCatalog> _catalogs = [];

    public ViewCatalog Of(DuckInstance instance) =>
        _catalogs.GetValue(instance, opened => new ViewCatalog(opened.OpenOwn(), directory.Lake, check, files));
}
