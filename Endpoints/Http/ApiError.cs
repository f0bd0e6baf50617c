namespace Rat.Endpoints.Http;

/// <summary>What the error envelope says: <c>{"error":{"code","type","message"}}</c>.</summary>
/// <param name="Code">Stable code of behaviour §1, such as <c>INVALID_ARGUMENT</c>.</param>
/// <param name="Type">Follows the status alone, never the code.</param>
internal sealed record ApiError(string Code, string Type, string Message);

/// <summary>The body of every error answer.</summary>
internal sealed record ErrorBody(ApiError Error);
