namespace Rat.Storage.Metadata;

/// <summary>Is told of each transaction by the thread that writes, before anyone else is: what it takes long for, all of them wait for.</summary>
internal interface ICommitObserver
{
    /// <summary>A transaction is on disk; it may have changed nothing. Must not throw.</summary>
    /// <param name="touched">Which of these tables it has changed.</param>
    void Committed(ListedTables touched);
}
