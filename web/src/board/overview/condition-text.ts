import type { RuleCondition } from '../api';

type Threshold = NonNullable<RuleCondition['new_snow_cm']>;

/** A rule's condition as its officers say it: 新積雪 ≥ 10 cm. */
export function conditionText(condition: RuleCondition): string {
  const { all, any } = condition;
  if (all !== undefined) return all.map(inBrackets).join(' かつ ');
  if (any !== undefined) return any.map(inBrackets).join(' または ');
  const { new_snow_cm, snowfall_cm, hours, depth_cm, forecast_new_snow_cm, by, by_person } = condition;
  const { temperature_at_least_c, temperature_at_most_c } = condition;
  if (new_snow_cm !== undefined) return `新積雪 ≥ ${value(new_snow_cm, 'cm')}`;
  if (snowfall_cm !== undefined) return `${hours}時間降雪量 ≥ ${value(snowfall_cm, 'cm')}`;
  if (depth_cm !== undefined) return `積雪深 ≥ ${value(depth_cm, 'cm')}`;
  if (forecast_new_snow_cm !== undefined) return `${by?.slice(0, 5)}までの予想新積雪 ≥ ${value(forecast_new_snow_cm, 'cm')}`;
  if (temperature_at_least_c !== undefined) return `気温 ≥ ${value(temperature_at_least_c, '℃')}`;
  if (temperature_at_most_c !== undefined) return `気温 ≤ ${value(temperature_at_most_c, '℃')}`;
  return by_person ?? '';
}

function inBrackets(part: RuleCondition): string {
  const isTree = part.all !== undefined || part.any !== undefined;
  return isTree ? `（${conditionText(part)}）` : conditionText(part);
}

/** Parts of the year have values of their own, which stand in the rule. */
function value(threshold: Threshold, unit: string): string {
  return typeof threshold === 'number' ? `${threshold} ${unit}` : `${threshold.base} ${unit}（季節で変わる）`;
}
