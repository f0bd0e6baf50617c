namespace Rat.Endpoints.Http;

/// <summary>Lets every GET route of a group answer HEAD as well; the server leaves the body out by itself.</summary>
internal static class HeadLikeGet
{
    private static readonly HttpMethodMetadata Both = new([HttpMethods.Get, HttpMethods.Head]);

    public static RouteGroupBuilder WithHead(this RouteGroupBuilder group)
    {
        ((IEndpointConventionBuilder)group).Add(endpoint =>
        {
            for (var i = 0; i < endpoint.Metadata.Count; i++)
            {
                if (endpoint.Metadata[i] is HttpMethodMetadata { HttpMethods: ["GET"] })
                    endpoint.Metadata[i] = Both;
            }
        });
        return group;
    }
}
