# After the incident with the stuck refunds. TODO(marek): move into modules/queue
resource "aws_cloudwatch_metric_alarm" "refund_age" {
  alarm_name          = "billing-refunds-prod-age"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = "billing-refunds-prod" }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  threshold           = 900
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = ["arn:aws:sns:eu-central-1:111122223333:payments-oncall"]
}
