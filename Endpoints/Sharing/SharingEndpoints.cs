using Rat.Endpoints.Http;
using Rat.Storage;

namespace Rat.Endpoints.Sharing;

/// <summary>
/// Grants to other users. Without an identity provider there are no users (DECISIONS 20): all four answer 501, before the body is read. A
/// server doesn't start with one configured, see <see cref="Hosting.OidcOptions"/>.
/// </summary>
internal static class SharingEndpoints
{
    public static void MapSharing(this IEndpointRouteBuilder api)
    {
        api.MapPost("/sharing", NotAvailable);
        api.MapGet("/sharing", NotAvailable);
        api.MapDelete("/sharing/{grant_id}", NotAvailable);
        api.MapPost("/sharing/transfer", NotAvailable);
    }

    private static IResult NotAvailable() => ApiResults.Failure(Failure.NotImplemented("sharing not available"));
}
