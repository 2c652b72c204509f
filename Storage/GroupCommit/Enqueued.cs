namespace Banking.Storage.GroupCommit;

internal enum Enqueued
{
    Yes,
    Full,
    Closed,
}
