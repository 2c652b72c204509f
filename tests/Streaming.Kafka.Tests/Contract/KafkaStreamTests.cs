using Banking.Streaming.Tests.Log;
using Banking.Streaming.Tests.Provider;

namespace Banking.Streaming.Kafka.Tests.Contract;

public sealed class MockLogContractTests : PartitionedLogContract<MockTestLog>;

public sealed class MockImplicitSubscriptionTests : ImplicitSubscriptionTests<MockTestLog>;

public sealed class KafkaLogContractTests : PartitionedLogContract<RealTestLog>;

public sealed class KafkaImplicitSubscriptionTests : ImplicitSubscriptionTests<RealTestLog>;

public sealed class KafkaExplicitSubscriptionTests : ExplicitSubscriptionTests<RealTestLog>;

public sealed class KafkaGrainSubscriptionTests : GrainSubscriptionTests<RealTestLog>;

public sealed class KafkaPositionTests : PositionTests<RealTestLog>;

public sealed class KafkaFailureTests : FailureTests<RealTestLog>;

public sealed class KafkaPublishTests : PublishTests<RealTestLog>;

public sealed class KafkaMetricsTests : MetricsTests<RealTestLog>;

public sealed class KafkaRewindTests : RewindTests<RealTestLog>;

public sealed class KafkaDeliveryContractTests : DeliveryContractTests<RealTestLog>;

public sealed class KafkaStrangerTests : StrangerTests<RealTestLog>;
