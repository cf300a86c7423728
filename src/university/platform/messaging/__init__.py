"""Events: announced beside the change, carried by a relay, heard once; through RabbitMQ or inside one process."""
