"""The demo's outside world: a small Telegram of its own, a client's page and simulated clients. Never part of production."""
