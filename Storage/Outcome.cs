using System.Diagnostics.CodeAnalysis;

namespace Rat.Storage;

/// <summary>What went wrong when an expected failure is returned as a value. Endpoints map each kind to one status and code.</summary>
internal enum FailureKind
{
    /// <summary>The caller's input is wrong (400).</summary>
    Invalid,

    /// <summary>The caller may not do this (403).</summary>
    Forbidden,

    /// <summary>The named thing does not exist (404).</summary>
    NotFound,

    /// <summary>A thing of that name or in that state exists already (409).</summary>
    AlreadyExists,

    /// <summary>The state of other things forbids it (409).</summary>
    Conflict,

    /// <summary>A body or file is over its limit (413).</summary>
    TooLarge,

    /// <summary>A statement ran past its time limit (400, <c>DEADLINE_EXCEEDED</c>).</summary>
    DeadlineExceeded,

    /// <summary>A part that is needed failed to start, is stopping or does not answer (503).</summary>
    Unavailable,

    /// <summary>The feature is not part of this edition (501).</summary>
    NotImplemented,
}

/// <summary>An expected failure: its kind and a message for the person who sent the input. Never holds a secret or a path of the machine.</summary>
internal sealed record Failure(FailureKind Kind, string Message)
{
    public static Failure Invalid(string message) => new(FailureKind.Invalid, message);
    public static Failure Forbidden(string message) => new(FailureKind.Forbidden, message);
    public static Failure NotFound(string message) => new(FailureKind.NotFound, message);
    public static Failure AlreadyExists(string message) => new(FailureKind.AlreadyExists, message);
    public static Failure Conflict(string message) => new(FailureKind.Conflict, message);
    public static Failure TooLarge(string message) => new(FailureKind.TooLarge, message);
    public static Failure DeadlineExceeded(string message) => new(FailureKind.DeadlineExceeded, message);
    public static Failure Unavailable(string message) => new(FailureKind.Unavailable, message);
    public static Failure NotImplemented(string message) => new(FailureKind.NotImplemented, message);
}

/// <summary>A value, or the <see cref="Storage.Failure"/> that stands in its place.</summary>
internal readonly record struct Outcome<T>
{
    private readonly T? _value;

    private Outcome(T? value, Failure? failure) => (_value, Failure) = (value, failure);

    /// <summary>The failure, or null when there is a value.</summary>
    public Failure? Failure { get; }

    /// <summary>True when there is a value.</summary>
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool Succeeded => Failure is null;

    /// <summary>The value. Reading it of a failed outcome is a bug and throws.</summary>
    public T Value => Failure is null ? _value! : throw new InvalidOperationException($"No value: {Failure.Message}");

    public static implicit operator Outcome<T>(T value) => new(value, null);
    public static implicit operator Outcome<T>(Failure failure) => new(default, failure);
}
